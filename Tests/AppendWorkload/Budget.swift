package import EventSourcing

/// What is left of a budget that many invoices are paid from: each in a stream of its own, all of them under one tag.
package struct Budget: EventSourced {
    package private(set) var left = 0

    package init() {}

    package mutating func evolve(_ event: BudgetEvent) {
        switch event {
        case .granted(let amount): left += amount
        case .spent(let amount): left -= amount
        }
    }

    package func spend(_ amount: Int) throws(BudgetExceeded) -> BudgetEvent {
        guard amount <= left else { throw BudgetExceeded() }
        return .spent(amount)
    }
}

package struct BudgetExceeded: Error {}

package enum BudgetEvent: DomainEvent, Hashable {
    case granted(Int)
    case spent(Int)

    package enum Name: String, CaseIterable, Sendable {
        case granted = "tests.budget.granted.v1"
        case spent = "tests.invoice.spent.v1"
    }

    package var name: Name {
        switch self {
        case .granted: .granted
        case .spent: .spent
        }
    }

    package func encode() throws -> EventPayload {
        switch self {
        case .granted(let amount), .spent(let amount): try EventPayload(encoding: [amount])
        }
    }

    package init(_ name: Name, from payload: EventPayload) throws {
        let amount = try payload.decode([Int].self).reduce(0, +)
        switch name {
        case .granted: self = .granted(amount)
        case .spent: self = .spent(amount)
        }
    }
}

/// A budget of one tenant, and the invoices that are paid from it.
package struct BudgetAccount: Sendable {
    private let boundary: ConsistencyBoundary<Budget>
    private let context: MessageContext
    private let tag: EventTag

    package init(_ store: any EventStore, retries: Int = 10, in context: MessageContext) throws {
        boundary = ConsistencyBoundary(store, retries: retries, pageSize: 3)
        self.context = context
        tag = try EventTag("budget:2026")
    }

    package func grant(_ amount: Int) async throws {
        _ = try await boundary.transact(EventQuery(tags: [tag]), in: context) { _ in
            [TaggedEvent(.granted(amount), to: try stream("budget", "2026"), tags: [tag])]
        }
    }

    @discardableResult
    package func pay(_ invoice: String, _ amount: Int, by command: CommandKey? = nil) async throws -> AppendOutcome {
        try await boundary.transact(EventQuery(tags: [tag]), in: context, by: command) { budget in
            [TaggedEvent(try budget.spend(amount), to: try stream("invoice", invoice), tags: [tag])]
        }
    }

    package func left() async throws -> Int {
        try await boundary.load(EventQuery(tags: [tag]), in: context.tenant).state.left
    }

    private func stream(_ aggregate: String, _ id: String) throws -> StreamName {
        try StreamName(
            category: StreamCategory(context: "tests", aggregate: aggregate, schema: 1), tenant: context.tenant,
            entityID: id)
    }
}
