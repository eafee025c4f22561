import EventSourcing
import Foundation
import InvoicesDomain
import Testing

/// The day that an invoice bears, and the year of its number.
@Suite struct IssueDateTests {
    let id = InvoiceID(UUID())
    let customer = CustomerID(UUID())
    /// Half an hour before the new year in UTC.
    let newYearsEve = Date(timeIntervalSince1970: 1_798_759_800)

    func new(on issueDate: CalendarDate? = nil, issuedIn series: InvoiceSeries? = .standard) -> NewInvoice {
        NewInvoice(
            id: id, customer: customer, contents: .amount(5), currency: .euro, issuedIn: series, on: issueDate)
    }

    private func draft() throws -> Invoice {
        Invoice(folding: try Invoice().create(new(issuedIn: nil), at: newYearsEve))
    }

    @Test(arguments: [
        ("UTC", "2026-12-31", 2026), ("Pacific/Auckland", "2027-01-01", 2027), ("America/New_York", "2026-12-31", 2026),
        ("Asia/Kolkata", "2027-01-01", 2027),
    ])
    func `without a stated date it is today in the business's zone, and the number is of that year`(
        zone: String, day: String, year: Int
    ) throws {
        let calendar = try #require(BusinessCalendar(zone: zone))
        let created = Invoice(
            folding: try Invoice().create(new(), at: newYearsEve, in: calendar).map { $0.numbered(7) })
        let issued = Invoice(folding: try draft().issue(at: newYearsEve, in: calendar).map { $0.numbered(7) })
        #expect(created.details?.issueDate?.description == day)
        #expect(created.details?.number?.description == "INV-\(year)-000007")
        #expect(issued.details == nil)
        var invoice = try draft()
        for event in try invoice.issue(at: newYearsEve, in: calendar) { invoice.evolve(event.numbered(7)) }
        #expect(invoice.details?.issueDate?.description == day)
        #expect(invoice.details?.number?.description == "INV-\(year)-000007")
        #expect(invoice.details?.issuedAt == newYearsEve)
    }

    @Test(arguments: ["2026-12-31", "2026-12-30", "2026-01-01", "2025-12-31", "2025-01-01"])
    func `a date of this year or the last can be stated, up to today`(_ text: String) throws {
        let date = try #require(CalendarDate(text))
        let events = try Invoice().create(new(on: date), at: newYearsEve)
        #expect(events.first?.sequence?.rawValue == "invoices.INV-\(date.year)")
        #expect(Invoice(folding: events).details?.issueDate == date)
        let issued = try draft().issue(at: newYearsEve, on: date)
        #expect(issued.first?.sequence?.rawValue == "invoices.INV-\(date.year)")
    }

    @Test(arguments: ["2027-01-01", "2024-12-31", "0001-01-01", "9999-12-31"])
    func `a date to come, or of long ago, is refused`(_ text: String) throws {
        let date = try #require(CalendarDate(text))
        let (first, today) = (try #require(CalendarDate("2025-01-01")), try #require(CalendarDate("2026-12-31")))
        let refusal = InvoiceError.issueDateOutOfRange(date, allowed: first...today)
        #expect(throws: refusal) { try Invoice().create(new(on: date), at: newYearsEve) }
        let draft = try draft()
        #expect(throws: refusal) { try draft.issue(at: newYearsEve, on: date) }
    }

    @Test func `tomorrow is today elsewhere`() throws {
        let (tomorrow, calendar) = (CalendarDate("2027-01-01"), BusinessCalendar(zone: "Pacific/Auckland"))
        #expect(throws: InvoiceError.self) { try Invoice().create(new(on: tomorrow), at: newYearsEve) }
        #expect(try Invoice().create(new(on: tomorrow), at: newYearsEve, in: try #require(calendar)).count == 1)
    }

    @Test func `making out the same invoice with another date is another invoice`() throws {
        let date = CalendarDate("2026-11-30")
        let invoice = Invoice(folding: try Invoice().create(new(on: date), at: newYearsEve))
        #expect(try invoice.create(new(on: date), at: newYearsEve) == [])
        #expect(try invoice.create(new(), at: newYearsEve) == [])
        #expect(throws: InvoiceError.alreadyExists) {
            try invoice.create(new(on: CalendarDate("2026-11-29")), at: newYearsEve)
        }
    }

    @Test func `an invoice from before there were issue dates bears the day in UTC`() throws {
        let stored = """
            {"createdAt":"2026-12-31T23:30:00Z","invoiceId":"0190a6e2-0000-7000-8000-000000000001",\
            "issuedAt":"2026-12-31T23:30:00Z","series":"INV","terms":{"amount":5,"currency":"EUR",\
            "customerId":"0190a6e2-0000-7000-8000-000000000002","lines":[],"netAmount":5,"taxAmount":0},"year":2026}
            """
        let event = try InvoiceEvent(.created, from: EventPayload(bytes: Array(stored.utf8)))
        let invoice = Invoice(folding: [event.numbered(7)])
        #expect(invoice.details?.issueDate == CalendarDate("2026-12-31"))
        #expect(invoice.details?.number?.description == "INV-2026-000007")
        #expect(String(decoding: try event.encode().bytes, as: UTF8.self) == stored)
    }

    @Test func `a stored issue date is read again`() throws {
        let event = try #require(try Invoice().create(new(on: CalendarDate("2025-06-30")), at: newYearsEve).first)
        #expect(try InvoiceEvent(.created, from: event.encode()) == event)
        let issued = try #require(try draft().issue(at: newYearsEve, on: CalendarDate("2025-06-30")).first)
        #expect(try InvoiceEvent(.issued, from: issued.encode()) == issued)
    }
}
