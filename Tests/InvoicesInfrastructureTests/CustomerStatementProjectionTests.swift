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
        try events.enumerated().map { index, event in
            try .fixture(event, of: invoice, tenant: tenant, index: index, number: 1, at: time)
        }
    }

    private func created(currency: String = "CHF", dueDate: String? = "2026-12-31") -> InvoiceEvent {
        .created(
            InvoiceCreated(invoiceId: invoice, terms: terms(currency: currency, dueDate: dueDate), createdAt: time))
    }

    private func terms(currency: String = "CHF", amount: Int64 = 1250, dueDate: String? = nil) -> InvoiceTerms {
        InvoiceTerms(
            customerId: customer, currency: currency, amount: amount, dueDate: dueDate.flatMap { CalendarDate($0) })
    }

    private var issued: InvoiceEvent {
        .issued(InvoiceIssued(invoiceId: invoice, series: .standard, issuedAt: time))
    }

    private func paid(_ amount: Int64) -> InvoiceEvent {
        .paymentReceived(InvoicePaymentReceived(invoiceId: invoice, amount: amount, paidAt: time))
    }

    @Test(arguments: ["2026-12-31", nil])
    func `a created invoice is a draft, with what its statement needs`(dueDate: String?) throws {
        let rows = try projection.fold(try recorded([created(dueDate: dueDate)]), into: [:])
        let expected = StatementInvoice(
            customer: customer, currency: Currency(code: "CHF")!, dueDate: dueDate.flatMap { CalendarDate($0) },
            standing: InvoiceStanding(state: .draft, total: 1250))
        #expect(rows == [InvoiceKey(tenant: try TenantID("acme"), invoice: invoice): expected])
    }

    @Test func `what happens to an invoice is in its row, in the same batch or in later ones`() throws {
        let events = try recorded([
            created(), .revised(InvoiceRevised(invoiceId: invoice, terms: terms(amount: 2_000), revisedAt: time)),
            issued, paid(500), paid(300),
            .refunded(InvoiceRefunded(invoiceId: invoice, amount: 100, refundedAt: time)),
        ])
        let atOnce = try projection.fold(events, into: [:])
        var rows: [InvoiceKey: StatementInvoice] = [:]
        for event in events { rows = try projection.fold([event], into: rows).compactMapValues(\.self) }
        #expect(atOnce == rows.mapValues(Optional.some))
        #expect(
            rows.values.first?.standing == InvoiceStanding(state: .open, total: 2_000, paid: 800, refunded: 100))
    }

    @Test func `a voided invoice is void in its row`() throws {
        let reason = try #require(Reason("a reason"))
        let events = try recorded([
            created(), issued, .voided(InvoiceVoided(invoiceId: invoice, reason: reason, voidedAt: time)),
        ])
        let row = try #require(try projection.fold(events, into: [:]).values.first ?? nil)
        #expect(row.standing == InvoiceStanding(state: .void, total: 1250))
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
