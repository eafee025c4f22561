import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import Testing

@Suite struct CommandTests {
    let store = InMemoryEventStore()
    let context: MessageContext
    let draft = NewInvoice(
        id: InvoiceID(UUID()), customer: CustomerID(UUID()), total: Money(minorUnits: 1250, currency: .euro))

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
        let commit = try await commands.send(CreateInvoice(draft), in: context)
        #expect(commit.invoice == draft.id)
        #expect(commit.revision == .first)
        #expect(commit.position == Position(1))
        let stream = try StreamName("invoices.invoice.v1-acme-\(draft.id)")
        let events = try await store.read(stream, from: nil, .forwards, limit: 10)
        #expect(events.map(\.type.rawValue) == ["invoices.invoice.created.v1"])
    }

    @Test func `the same invoice created again is where it was, and nothing is written`() async throws {
        let first = try await commands.send(CreateInvoice(draft), in: context)
        let second = try await commands.send(CreateInvoice(draft), in: context)
        #expect(first == second)
        #expect(try await store.head() == Position(1))
    }

    @Test func `an invoice is paid at the time of the command`() async throws {
        _ = try await commands.send(CreateInvoice(draft), in: context)
        let commit = try await commands.send(PayInvoice(draft.id), in: context)
        #expect(commit.revision == Revision(1))
        let last = try #require(try await store.readLog(after: nil, .backwards, limit: 1).first)
        let event = try Recorded<InvoiceEvent>(decoding: last)?.event
        #expect(event == .paid(InvoicePaid(invoiceId: draft.id, amount: 1250, paidAt: context.now)))
    }

    @Test func `a payment that expects another revision is refused, whatever the invoice's state`() async throws {
        _ = try await commands.send(CreateInvoice(draft), in: context)
        _ = try await commands.send(PayInvoice(draft.id), in: context)
        let payment = PayInvoice(draft.id, expecting: .exactly(.first))
        let conflict = await #expect(throws: WrongExpectedRevision.self) {
            try await commands.send(payment, in: context)
        }
        #expect(conflict?.actual == Revision(1))
    }

    @Test func `another tenant's invoice is not found`() async throws {
        _ = try await commands.send(CreateInvoice(draft), in: context)
        let other = MessageContext(
            tenant: try TenantID("other"), correlationID: "request-2", source: "tests", now: context.now)
        await #expect(throws: InvoiceError.notFound) { try await commands.send(PayInvoice(draft.id), in: other) }
    }
}
