import FoundationEssentials
import InvoicesDomain
import Testing

@Suite struct ValueTests {
    @Test(arguments: ["2026-11-30", "2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29"])
    func `a day of the calendar is read and written the same`(_ text: String) {
        #expect(CalendarDate(text)?.description == text)
    }

    @Test(arguments: [
        "", "2026-11-31", "2026-02-29", "1900-02-29", "2026-00-01", "2026-13-01", "2026-1-01", "2026/11/30",
        "0000-01-01", "2026-11-30T00:00:00Z", "+026-11-30", "２026-11-30",
    ])
    func `what is no day of the calendar is refused`(_ text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func `days are ordered`() throws {
        let days = try ["2026-11-30", "2025-12-31", "2026-11-29"].map { try #require(CalendarDate($0)) }
        #expect(days.sorted().map(\.description) == ["2025-12-31", "2026-11-29", "2026-11-30"])
    }

    @Test(arguments: [
        (0, "1970-01-01"), (-0.001, "1969-12-31"), (1_795_046_399.999, "2026-11-18"), (1_795_046_400, "2026-11-19"),
        (1_835_395_200, "2028-02-29"), (-62_135_596_800, "0001-01-01"),
    ])
    func `a time belongs to the day that it is in UTC`(seconds: Double, day: String) {
        #expect(CalendarDate(inUTC: Date(timeIntervalSince1970: seconds)).description == day)
    }

    @Test(arguments: [
        ("3", 3_000, "3"), ("1.5", 1_500, "1.5"), ("0.125", 125, "0.125"), ("01.500", 1_500, "1.5"),
        ("0.001", 1, "0.001"), ("1000000", 1_000_000_000, "1000000"), ("10.05", 10_050, "10.05"),
    ])
    func `a quantity is read as thousandths and written without needless zeros`(
        _ text: String, _ thousandths: Int64, _ written: String
    ) {
        let quantity = Quantity(text)
        #expect(quantity?.thousandths == thousandths)
        #expect(quantity?.description == written)
    }

    @Test(arguments: [
        "", "0", "0.000", "-1", "+1", "1e3", "1,5", "1.", ".5", "1.2345", "1.2.3", " 1", "1000000.001", "１",
        "99999999999999999999",
    ])
    func `what is no quantity is refused`(_ text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test(arguments: ["INV", "A", "0123456789"])
    func `a series of letters and digits is accepted`(_ text: String) {
        #expect(InvoiceSeries(text)?.rawValue == text)
    }

    @Test(arguments: ["", "inv", "INV-1", "Ä", "ABCDEFGHIJK"])
    func `a series of anything else is refused`(_ text: String) {
        #expect(InvoiceSeries(text) == nil)
    }

    @Test(arguments: [(1, "INV-2026-000001"), (999_999, "INV-2026-999999"), (1_000_000, "INV-2026-1000000")])
    func `a number is written with six digits at least`(_ number: Int64, _ text: String) {
        #expect(InvoiceNumber(series: .standard, year: 2026, number: number).description == text)
    }

    @Test(arguments: [-1, 10_001] as [Int64])
    func `a rate of tax below 0 or above 100 percent is refused`(_ basisPoints: Int64) {
        #expect(TaxRate(basisPoints: basisPoints) == nil)
    }
}
