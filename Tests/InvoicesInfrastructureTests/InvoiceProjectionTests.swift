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

    private func recorded(
        _ events: [InvoiceEvent], tenant: String = "acme", number: Int64 = 17
    ) throws -> [Recorded<InvoiceEvent>] {
        try events.enumerated().map { index, event in
            try .fixture(event, of: invoice, tenant: tenant, index: index, number: number, at: created)
        }
    }

    private func terms(currency: String = "CHF", amount: Int64 = 1250) -> InvoiceTerms {
        InvoiceTerms(
            customerId: customer, currency: currency, amount: amount, dueDate: CalendarDate("2026-12-31"),
            reference: "PO-7")
    }

    private var creation: InvoiceEvent {
        .created(InvoiceCreated(invoiceId: invoice, terms: terms(), createdAt: created))
    }

    private var issue: InvoiceEvent {
        .issued(InvoiceIssued(invoiceId: invoice, series: .standard, issuedAt: created + 1))
    }

    private func payment(_ amount: Int64) -> InvoiceEvent {
        .paymentReceived(InvoicePaymentReceived(invoiceId: invoice, amount: amount, paidAt: paid))
    }

    /// The row after the events, in one batch and in batches of one event each.
    private func row(after events: [InvoiceEvent]) throws -> InvoiceView? {
        let (recorded, projection) = (try recorded(events), InvoiceProjection())
        let atOnce = try projection.fold(recorded, into: [:])
        var rows: [InvoiceKey: InvoiceRow] = [:]
        for event in recorded { rows = try projection.fold([event], into: rows).compactMapValues(\.self) }
        #expect(atOnce == rows.mapValues(Optional.some))
        // Made by the first event, whatever followed.
        #expect(rows.values.allSatisfy { $0.position == recorded[0].record.position })
        return rows.values.first?.invoice
    }

    @Test func `a created invoice is a row of a draft`() throws {
        let row = try row(after: [creation])
        #expect(row == InvoiceView(try #require(Invoice(folding: [creation]).details), revision: .first))
        #expect(row?.standing == InvoiceStanding(state: .draft, total: 1250))
        #expect(row?.terms == terms())
        #expect(row?.createdAt == created)
    }

    @Test func `an issued invoice is open, with the number that the store has given it`() throws {
        let row = try row(after: [creation, issue])
        #expect(row?.standing.state == .open)
        #expect(row?.number?.description == "INV-2026-000017")
        #expect(row?.issuedAt == created + 1)
    }

    @Test func `an invoice that was issued at once is open, with its number and its time`() throws {
        let atOnce = InvoiceEvent.created(
            InvoiceCreated(invoiceId: invoice, terms: terms(), createdAt: created, issuedIn: .standard))
        let row = try row(after: [atOnce])
        #expect(row?.standing.state == .open)
        #expect(row?.number?.description == "INV-2026-000017")
        #expect(row?.issuedAt == created)
    }

    @Test func `a revision replaces what the draft says`() throws {
        let revised = InvoiceRevised(
            invoiceId: invoice, terms: terms(currency: "USD", amount: 7), revisedAt: created + 1)
        let row = try row(after: [creation, .revised(revised)])
        #expect(row?.terms == terms(currency: "USD", amount: 7))
        #expect(row?.standing.due == 7)
        #expect(row?.revision == Revision(1))
    }

    @Test func `payments add up, and the last one closes the invoice at its time`() throws {
        let part = try row(after: [creation, issue, payment(250)])
        #expect(part?.standing == InvoiceStanding(state: .open, total: 1250, paid: 250))
        #expect(part?.paidAt == nil)
        let whole = try row(after: [creation, issue, payment(250), payment(1000)])
        #expect(whole?.standing == InvoiceStanding(state: .closed, total: 1250, paid: 1250))
        #expect(whole?.paidAt == paid)
        #expect(whole?.revision == Revision(3))
    }

    @Test func `refunds and voiding are in the row`() throws {
        let reason = try #require(Reason("never delivered"))
        let row = try row(after: [
            creation, issue, payment(250),
            .refunded(InvoiceRefunded(invoiceId: invoice, amount: 250, refundedAt: paid)),
            .voided(InvoiceVoided(invoiceId: invoice, reason: reason, voidedAt: paid + 1)),
        ])
        #expect(row?.standing == InvoiceStanding(state: .void, total: 1250, paid: 250, refunded: 250))
        #expect(row?.voidReason == "never delivered")
        #expect(row?.voidedAt == paid + 1)
    }

    @Test func `the same invoice of two tenants is two rows`() throws {
        let events = try recorded([creation]) + recorded([creation], tenant: "other")
        #expect(try InvoiceProjection().fold(events, into: [:]).count == 2)
    }

    @Test func `an invoice in a currency that nobody knows is poison, and says so`() throws {
        let events = try recorded([
            .created(InvoiceCreated(invoiceId: invoice, terms: terms(currency: "XXX"), createdAt: created))
        ])
        let error = #expect(throws: PoisonEvent.self) { try InvoiceProjection().fold(events, into: [:]) }
        #expect(error?.reason.contains("\"XXX\"") == true)
    }

    @Test func `an invoice that was issued without a number is poison, and says so`() throws {
        let events = try [
            Recorded.fixture(creation, of: invoice, index: 0, number: nil, at: created),
            Recorded.fixture(issue, of: invoice, index: 1, number: nil, at: created),
        ]
        let error = #expect(throws: PoisonEvent.self) { try InvoiceProjection().fold(events, into: [:]) }
        #expect(error?.reason.contains("without a number") == true)
        let atOnce = InvoiceEvent.created(
            InvoiceCreated(invoiceId: invoice, terms: terms(), createdAt: created, issuedIn: .standard))
        let unnumbered = try [Recorded.fixture(atOnce, of: invoice, index: 0, number: nil, at: created)]
        #expect(throws: PoisonEvent.self) { try InvoiceProjection().fold(unnumbered, into: [:]) }
    }
}
