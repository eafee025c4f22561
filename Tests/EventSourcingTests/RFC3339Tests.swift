import EventSourcing
import FoundationEssentials
import Testing

@Suite struct RFC3339Tests {
    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (1_795_166_130.25, "2026-11-20T09:15:30.250Z"), (1_700_000_000.000001, "2023-11-14T22:13:20.000001Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    ])
    func `a time is written in UTC and read back the same`(_ seconds: Double, _ text: String) {
        #expect(RFC3339.string(from: Date(timeIntervalSince1970: seconds)) == text)
        #expect(RFC3339.date(from: text) == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "2026-11-21T10:00:00+01:00", "2026-11-21T08:30:00-00:30", "2026-11-21t09:00:00z", "2026-11-21 09:00:00.000Z",
    ])
    func `offsets and the variants of the RFC are understood`(_ text: String) {
        #expect(RFC3339.date(from: text).map(RFC3339.string) == "2026-11-21T09:00:00Z")
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T09:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z", "2026-11-21T09:00:00.Z", "2026-11-21T09:00:00Zx",
        "26-11-21T09:00:00Z", "2026-11-21T09:00:00+1:00", "２026-11-21T09:00:00Z",
    ])
    func `what is not a time is refused`(_ text: String) {
        #expect(RFC3339.date(from: text) == nil)
    }

    @Test func `every day of four centuries is written and read back`() {
        for day in stride(from: -80_000, to: 80_000, by: 13) {
            let date = RFC3339.civilDate(fromDays: day)
            #expect(RFC3339.isDate(year: date.year, month: date.month, day: date.day))
            #expect(RFC3339.days(fromYear: date.year, month: date.month, day: date.day) == day)
        }
    }

    @Test func `UUIDs of version 7 sort by time and carry version and variant`() {
        let early = UUID.v7(at: Date(timeIntervalSince1970: 1_700_000_000))
        let late = UUID.v7(at: Date(timeIntervalSince1970: 1_700_000_000.001))
        #expect(early.uuidString < late.uuidString)
        #expect(early.uuidString.hasPrefix("018BCFE5-6800-7"))
        #expect((early.uuid.8 & 0xC0) == 0x80)
    }
}
