import EventSourcing
import FoundationEssentials
import Testing

enum BudgetEvent: DomainEvent, Hashable {
    case granted(Int)
    case spent(Int)

    enum Name: String, CaseIterable {
        case granted = "office.budget.granted.v1"
        case spent = "office.budget.spent.v1"
    }

    var name: Name {
        switch self {
        case .granted: .granted
        case .spent: .spent
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .granted(let amount), .spent(let amount): try EventPayload(encoding: [amount])
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        let amount = try payload.decode([Int].self).reduce(0, +)
        switch name {
        case .granted: self = .granted(amount)
        case .spent: self = .spent(amount)
        }
    }
}

struct BudgetExceeded: Error {}

struct Budget: EventSourced {
    private(set) var left = 0

    mutating func evolve(_ event: BudgetEvent) {
        switch event {
        case .granted(let amount): left += amount
        case .spent(let amount): left -= amount
        }
    }

    func spend(_ amount: Int) throws(BudgetExceeded) -> BudgetEvent {
        guard amount <= left else { throw BudgetExceeded() }
        return .spent(amount)
    }
}

enum RegistrationEvent: DomainEvent, Hashable {
    case registered(String)

    enum Name: String, CaseIterable { case registered = "office.account.registered.v1" }

    var name: Name { .registered }

    func encode() throws -> EventPayload {
        switch self {
        case .registered(let account): try EventPayload(encoding: [account])
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .registered: self = .registered(try payload.decode([String].self).joined())
        }
    }
}

struct EmailTaken: Error {}

struct Registrations: EventSourced {
    private(set) var account: String?

    mutating func evolve(_ event: RegistrationEvent) {
        switch event {
        case .registered(let account): self.account = account
        }
    }
}

@Suite struct BoundarySnippets {
    @Test func `boundaries: a budget over many invoices is not overspent`() async throws {
        let store = InMemoryEventStore()
        let context = try context()
        let invoice = try StreamName("office.invoice.v1-acme-1")
        let budget = try EventTag("budget:2026")

        _ = try await ConsistencyBoundary<Budget>(store).transact(EventQuery(tags: [budget]), in: context) { _ in
            [TaggedEvent(.granted(200), to: invoice, tags: [budget])]
        }

        let budgets = ConsistencyBoundary<Budget>(store)
        _ = try await budgets.transact(EventQuery(tags: [budget]), in: context) { state in
            [TaggedEvent(try state.spend(120), to: invoice, tags: [budget])]
        }
        await #expect(throws: BudgetExceeded.self) {
            try await budgets.transact(EventQuery(tags: [budget]), in: context) { state in
                [TaggedEvent(try state.spend(120), to: invoice, tags: [budget])]
            }
        }
    }

    @Test func `boundaries: an address has one account`() async throws {
        let accounts = ConsistencyBoundary<Registrations>(InMemoryEventStore())
        let (context, key) = (try context(), [UInt8](repeating: 7, count: 32))
        func register(_ id: String, _ address: String) async throws {
            let stream = try StreamName("office.account.v1-acme-\(id)")
            let email = try EventTag("email", hashing: address.lowercased(), key: key)
            _ = try await accounts.transact(EventQuery(tags: [email]), in: context) { registrations in
                guard registrations.account == nil else { throw EmailTaken() }
                return [TaggedEvent(.registered(id), to: stream, tags: [email])]
            }
        }
        try await register("1", "alice@example.org")
        await #expect(throws: EmailTaken.self) { try await register("2", "Alice@example.org") }
    }

    private func context() throws -> MessageContext {
        MessageContext(tenant: try TenantID("acme"), correlationID: "request-1", source: "office", now: Date())
    }
}
