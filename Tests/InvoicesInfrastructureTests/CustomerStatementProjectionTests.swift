import EventSourcing
import FoundationEssentials
import InvoicesDomain
import InvoicesInfrastructure
import Testing

@Suite struct CustomerStatementProjectionTests {
    let invoice = InvoiceID(UUID())
    let customer = CustomerID(UUID())
    let time = Date(timeIntervalSince1970: 1_795_000_000)
    let projection = CustomerStatementProjection()

    private func recorded(_ events: [InvoiceEvent], tenant: String = "acme") throws -> [Recorded<InvoiceEvent>] {
        let metadata = EventMetadata(correlationID: "c", causationID: "c", source: "tests", occurredAt: time)
        return try events.enumerated().map { index, event in
            let new = try NewEvent(event, id: .v7(), metadata: metadata)
            let record = RecordedEvent(
                position: Position(Int64(index + 1)),
                stream: try StreamName("invoices.invoice.v1-\(tenant)-\(invoice)"), revision: Revision(Int64(index)),
                id: new.id, type: new.type, data: new.data, metadata: new.metadata, recordedAt: time)
            return try #require(try Recorded(decoding: record))
        }
    }

    private func created(currency: String = "CHF", dueDate: String? = "2026-12-31") -> InvoiceEvent {
        .created(
            InvoiceCreated(
                invoiceId: invoice, customerId: customer, amount: 1250, currency: currency,
                dueDate: dueDate.flatMap { CalendarDate($0) }, reference: nil, createdAt: time))
    }

    private var paid: InvoiceEvent { .paid(InvoicePaid(invoiceId: invoice, amount: 1250, paidAt: time)) }

    @Test(arguments: ["2026-12-31", nil])
    func `a created invoice is open, with what its statement needs`(dueDate: String?) throws {
        let rows = try projection.fold(try recorded([created(dueDate: dueDate)]), into: [:])
        let expected = StatementInvoice(
            customer: customer, total: Money(minorUnits: 1250, currency: Currency(code: "CHF")!),
            dueDate: dueDate.flatMap { CalendarDate($0) }, isPaid: false)
        #expect(rows == [InvoiceKey(tenant: try TenantID("acme"), invoice: invoice): expected])
    }

    @Test func `a payment settles the row and changes nothing else of it, in the same batch or in a later one`() throws
    {
        let events = try recorded([created(), paid])
        let first = try projection.fold(Array(events.prefix(1)), into: [:]).compactMapValues { $0 }
        let atOnce = try projection.fold(events, into: [:])
        let later = try projection.fold(Array(events.suffix(1)), into: first)
        #expect(atOnce == later)
        var expected = try #require(first.values.first)
        expected.isPaid = true
        #expect(atOnce.values.first == .some(expected))
    }

    @Test func `a row belongs to the stream whose events change it`() throws {
        let event = try recorded([created()])[0]
        let key = try #require(projection.key(for: event))
        #expect(try projection.stream(of: key) == event.record.stream)
    }

    @Test func `the same invoice of two tenants is two rows`() throws {
        let events = try recorded([created()]) + recorded([created()], tenant: "other")
        #expect(try projection.fold(events, into: [:]).count == 2)
    }

    @Test func `an invoice in a currency that nobody knows is poison, and says so`() throws {
        let events = try recorded([created(currency: "XXX")])
        let error = #expect(throws: PoisonEvent.self) { try projection.fold(events, into: [:]) }
        #expect(error?.reason.contains("\"XXX\"") == true)
    }
}
