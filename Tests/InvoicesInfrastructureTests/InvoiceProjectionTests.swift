import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import Testing

@Suite struct InvoiceProjectionTests {
    let invoice = InvoiceID(UUID())
    let customer = CustomerID(UUID())
    let created = Date(timeIntervalSince1970: 1_795_000_000.25)
    let paid = Date(timeIntervalSince1970: 1_795_086_400)

    private func recorded(_ events: [InvoiceEvent], tenant: String = "acme") throws -> [Recorded<InvoiceEvent>] {
        let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: created)
        return try events.enumerated().map { index, event in
            let new = try NewEvent(event, id: .v7(), metadata: metadata)
            let record = RecordedEvent(
                position: Position(Int64(index + 1)),
                stream: try StreamName("invoices.invoice.v1-\(tenant)-\(invoice)"), revision: Revision(Int64(index)),
                id: new.id, type: new.type, data: new.data, metadata: new.metadata, recordedAt: created)
            return try #require(try Recorded(decoding: record))
        }
    }

    private var creation: InvoiceEvent {
        .created(
            InvoiceCreated(
                invoiceId: invoice, customerId: customer, amount: 1250, currency: "CHF",
                dueDate: CalendarDate("2026-12-31"), reference: "PO-7", createdAt: created))
    }

    @Test func `a created invoice is an open row`() throws {
        let rows = try InvoiceProjection().fold(try recorded([creation]), into: [:])
        let expected = InvoiceView(
            id: invoice, customer: customer, total: Money(minorUnits: 1250, currency: Currency(code: "CHF")!),
            status: .open, reference: "PO-7", dueDate: CalendarDate("2026-12-31"), createdAt: created, paidAt: nil,
            revision: .first)
        #expect(Array(rows.values) == [expected])
    }

    @Test func `a payment changes status, time and revision, in one batch with the creation or in a later one`() throws
    {
        let events = try recorded([creation, .paid(InvoicePaid(invoiceId: invoice, amount: 1250, paidAt: paid))])
        let projection = InvoiceProjection()
        let atOnce = try projection.fold(events, into: [:])
        let first = try projection.fold(Array(events.prefix(1)), into: [:]).compactMapValues { $0 }
        let later = try projection.fold(Array(events.suffix(1)), into: first)
        #expect(atOnce == later)
        let row = try #require(atOnce.values.first ?? nil)
        #expect(row.status == .paid)
        #expect(row.paidAt == paid)
        #expect(row.revision == Revision(1))
    }

    @Test func `the same invoice of two tenants is two rows`() throws {
        let events = try recorded([creation]) + recorded([creation], tenant: "other")
        #expect(try InvoiceProjection().fold(events, into: [:]).count == 2)
    }
}
