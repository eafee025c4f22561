import EventSourcing
import FoundationEssentials

/// Whether an e-mail address has an account: the fold of the events that are tagged with it, of all accounts.
struct Registrations: EventSourced {
    private(set) var account: String?

    mutating func evolve(_ event: RegistrationEvent) {
        switch event {
        case .registered(let account): self.account = account
        case .closed: account = nil
        }
    }

    /// Registers and closes accounts.
    struct Book {
        private let boundary: ConsistencyBoundary<Registrations>
        private let context: MessageContext

        init(_ store: any EventStore, in context: MessageContext) {
            boundary = ConsistencyBoundary(store)
            self.context = context
        }

        func register(_ email: String, as account: String) async throws {
            let tag = try Self.tag(of: email)
            _ = try await boundary.transact(EventQuery(tags: [tag]), in: context) { registrations in
                guard registrations.account == nil else { throw EmailTaken() }
                return [TaggedEvent(.registered(account), to: try stream(account), tags: [tag])]
            }
        }

        func close(_ account: String, of email: String) async throws {
            let tag = try Self.tag(of: email)
            _ = try await boundary.transact(EventQuery(tags: [tag]), in: context) { registrations in
                guard registrations.account == account else { return [] }
                return [TaggedEvent(.closed, to: try stream(account), tags: [tag])]
            }
        }

        /// The address itself is not stored.
        private static func tag(of email: String) throws -> EventTag {
            try EventTag("email", hashing: email.lowercased(), key: Array("a key of the tests".utf8))
        }

        private func stream(_ account: String) throws -> StreamName {
            try StreamName(
                category: StreamCategory(context: "tests", aggregate: "account", schema: 1), tenant: context.tenant,
                entityID: account)
        }
    }
}

struct EmailTaken: Error {}

enum RegistrationEvent: DomainEvent {
    case registered(String)
    case closed

    enum Name: String, CaseIterable, Sendable {
        case registered = "tests.account.registered.v1"
        case closed = "tests.account.closed.v1"
    }

    var name: Name {
        switch self {
        case .registered: .registered
        case .closed: .closed
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .registered(let account): try EventPayload(encoding: [account])
        case .closed: try EventPayload(encoding: [String]())
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .registered: self = .registered(try payload.decode([String].self).joined())
        case .closed: self = .closed
        }
    }
}
