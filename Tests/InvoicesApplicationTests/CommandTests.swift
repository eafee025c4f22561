import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import Testing

@Suite struct CommandTests {
    let store = InMemoryEventStore()
    let context: MessageContext
    let new = NewInvoice(
        id: InvoiceID(UUID()), customer: CustomerID(UUID()), contents: .amount(1250), currency: .euro)

    let payment = PaymentID(UUID())

    init() throws {
        context = MessageContext(
            tenant: try TenantID("acme"), correlationID: "request-1", source: "tests",
            now: Date(timeIntervalSince1970: 1_795_000_000))
    }

    private var commands: CommandBus<Invoicing> {
        let invoices = AggregateStore<Invoice>(store)
        return CommandBus { Invoicing(invoices: invoices, context: $0) }
    }

    @Test func `an invoice is created in a stream of its tenant`() async throws {
        let commit = try await commands.send(CreateInvoice(new), in: context)
        #expect(commit.invoice.id == new.id)
        #expect(commit.invoice.revision == .first)
        #expect(commit.invoice.number?.description == "INV-2026-000001")
        #expect(commit.position == Position(1))
        let stream = try StreamName("invoices.invoice.v1-acme-\(new.id)")
        let events = try await store.read(stream, from: nil, .forwards, limit: 10)
        #expect(events.map(\.type.rawValue) == ["invoices.invoice.created.v3"])
    }

    @Test func `the same invoice created again is where it was, and nothing is written`() async throws {
        let first = try await commands.send(CreateInvoice(new), in: context)
        let second = try await commands.send(CreateInvoice(new), in: context)
        #expect(first == second)
        #expect(try await store.head() == Position(1))
    }

    @Test func `an invoice is paid at the time of the command`() async throws {
        _ = try await commands.send(CreateInvoice(new), in: context)
        let commit = try await commands.send(PayInvoice(new.id, Payment(id: payment)), in: context)
        #expect(commit.invoice.revision == Revision(1))
        #expect(commit.invoice.paidAt == context.now)
        let last = try #require(try await store.readLog(after: nil, .backwards, limit: 1).first)
        let event = try Recorded<InvoiceEvent>(decoding: last)?.event
        let received = InvoicePaymentReceived(
            invoiceId: new.id, paymentId: payment, amount: 1250, paidAt: context.now)
        #expect(event == .paymentReceived(received))
    }

    @Test func `the same payment stated again is where it was, and nothing is written`() async throws {
        _ = try await commands.send(CreateInvoice(new), in: context)
        let first = try await commands.send(PayInvoice(new.id, Payment(id: payment)), in: context)
        let second = try await commands.send(PayInvoice(new.id, Payment(id: payment, amount: 1250)), in: context)
        #expect(first == second)
        #expect(try await store.head() == Position(2))
    }

    @Test func `a payment that expects another revision is refused, whatever the invoice's state`() async throws {
        _ = try await commands.send(CreateInvoice(new), in: context)
        _ = try await commands.send(PayInvoice(new.id, Payment(id: payment)), in: context)
        let another = PayInvoice(new.id, Payment(id: PaymentID(UUID())), expecting: .exactly(.first))
        let conflict = await #expect(throws: WrongExpectedRevision.self) {
            try await commands.send(another, in: context)
        }
        #expect(conflict?.actual == Revision(1))
    }

    @Test func `another tenant's invoice is not found`() async throws {
        _ = try await commands.send(CreateInvoice(new), in: context)
        let other = MessageContext(
            tenant: try TenantID("other"), correlationID: "request-2", source: "tests", now: context.now)
        await #expect(throws: InvoiceError.notFound) {
            try await commands.send(PayInvoice(new.id, Payment(id: payment)), in: other)
        }
    }

    /// The invoice as the store has it, which is what each command answers with.
    private func view(of invoice: InvoiceID) async throws -> InvoiceView? {
        let stream = try StreamName("invoices.invoice.v1-acme-\(invoice)")
        return InvoiceView(try await AggregateReader<Invoice>(store).load(stream))
    }

    @Test func `a draft goes through everything that can happen to an invoice`() async throws {
        let draft = NewInvoice(
            id: InvoiceID(UUID()), customer: new.customer, contents: .amount(1), currency: .euro, issuedIn: nil)
        _ = try await commands.send(CreateInvoice(draft), in: context)
        let revision = InvoiceRevision(contents: .set(.amount(100)))
        _ = try await commands.send(ReviseInvoice(draft.id, to: revision), in: context)
        _ = try await commands.send(IssueInvoice(draft.id), in: context)
        _ = try await commands.send(PayInvoice(draft.id, Payment(id: payment, amount: 60)), in: context)
        let refunded = try await commands.send(RefundInvoice(draft.id, amount: 10), in: context).invoice
        #expect(try await view(of: draft.id) == refunded)
        #expect(refunded.standing == InvoiceStanding(state: .open, total: 100, paid: 60, refunded: 10))
        #expect(refunded.terms.amount == 100)
        #expect(refunded.number?.description == "INV-2026-000001")
        _ = try await commands.send(RefundInvoice(draft.id), in: context)
        let bounced = try await commands.send(
            ReversePayment(payment, of: draft.id, because: try #require(Reason("bounced"))), in: context
        ).invoice
        #expect(try await view(of: draft.id) == bounced)
        #expect(bounced.standing == InvoiceStanding(state: .open, total: 100, paid: 0, refunded: 60))
        #expect(bounced.payments?.map(\.reversedAt) == [context.now])
        let again = Payment(id: PaymentID(UUID()), amount: 60)
        _ = try await commands.send(PayInvoice(draft.id, again), in: context)
        let reason = try #require(Reason("never delivered"))
        let commit = try await commands.send(VoidInvoice(draft.id, because: reason), in: context)
        let voided = commit.invoice
        #expect(try await view(of: draft.id) == voided)
        #expect(voided.standing.state == .void)
        #expect(voided.voidReason == "never delivered")
        #expect(voided.voidedAt == context.now)
        #expect(voided.number == refunded.number)
        #expect(voided.revision == Revision(8))
    }

    @Test func `invoices are numbered in the order of issuing, and a refusal takes no number`() async throws {
        for expected in 1...3 {
            let new = NewInvoice(
                id: InvoiceID(UUID()), customer: new.customer, contents: .amount(1), currency: .euro)
            _ = try await commands.send(CreateInvoice(new), in: context)
            await #expect(throws: InvoiceError.self) { try await commands.send(IssueInvoice(new.id), in: context) }
            let number = try #require(try await view(of: new.id)?.number)
            #expect(number == InvoiceNumber(series: .standard, year: 2026, number: Int64(expected)))
        }
    }
}
