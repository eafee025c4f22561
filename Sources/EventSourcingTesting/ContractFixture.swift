import EventSourcing
import FoundationEssentials

/// A store under test, a tenant of its own, and makers of streams and events.
struct ContractFixture: Sendable {
    let store: any EventStore
    let tenant: TenantID
    let otherTenant: TenantID

    init(store: any EventStore) throws {
        self.store = store
        let unique = UUID().uuidString.filter { $0 != "-" }
        tenant = try TenantID("t\(unique)")
        otherTenant = try TenantID("o\(unique)")
    }

    func stream(_ entityID: String = "1", of tenant: TenantID? = nil) throws -> StreamName {
        try StreamName(
            category: StreamCategory(context: "contract", aggregate: "thing", schema: 1), tenant: tenant ?? self.tenant,
            entityID: entityID)
    }

    func event(
        _ text: String = "{}", type: String = "contract.thing.happened.v1", id: UUID = UUID.v7(), tags: String...
    ) throws -> NewEvent {
        try NewEvent(
            id: id, type: EventType(type), data: EventPayload(bytes: Array(text.utf8)),
            metadata: EventPayload(bytes: Array(#"{"n":1}"#.utf8)), tags: Set(tags.map { try EventTag($0) }))
    }

    func events(_ count: Int) throws -> [NewEvent] {
        try (0..<count).map { try event(#"{"n":\#($0)}"#) }
    }

    /// A command with an id of this fixture's tenant, and a hash that stands for the request.
    func command(_ id: String, asking request: UInt8 = 1) throws -> CommandKey {
        try CommandKey(id: id, requestHash: [request])
    }

    func context(of tenant: TenantID? = nil) -> MessageContext {
        MessageContext(
            tenant: tenant ?? self.tenant, correlationID: "contract", user: User(id: "tester"), source: "contract",
            now: Date(timeIntervalSince1970: 1_800_000_000))
    }

    /// The events of this fixture's streams in the log after a position.
    func log(after position: Position) async throws -> [RecordedEvent] {
        var (found, next): ([RecordedEvent], Position) = ([], position)
        while true {
            let page = try await store.readLog(after: next, .forwards, limit: 100)
            guard let last = page.last else { return found }
            found += page.filter { $0.tenant == tenant }
            next = last.position
        }
    }
}
