import EventSourcing
import FoundationEssentials
import Synchronization

/// An outbox under test on a log, and a tenant of its own for each clause.
struct OutboxFixture: Sendable {
    let events: any EventStore
    let store: any SubscriptionStore
    let administration: any OutboxAdministration
    let tenant: TenantID
    private let appended = Appended()

    private final class Appended: Sendable {
        let positions = Mutex<[Position]>([])
    }

    private struct Sink: EventSink {
        let name = "outbox"
        let filter: LogFilter

        func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
            deliveries.map { _ in .acknowledge }
        }
    }

    init(events: any EventStore, store: any SubscriptionStore, administration: any OutboxAdministration) throws {
        self.events = events
        self.store = store
        self.administration = administration
        tenant = try TenantID("t\(UUID().uuidString.filter { $0 != "-" })")
    }

    var id: SubscriptionID { get throws { try SubscriptionID("outbox", of: tenant) } }

    func outbox(
        attempts: Int = 10, buffer: Int = 2_000, from start: SubscriptionStart = .beginning
    ) throws -> SubscriptionOutbox {
        var settings = SubscriptionSettings()
        settings.maxAttempts = attempts
        settings.bufferSize = buffer
        settings.retryDelays = [.zero]
        let wanted = LogFilter(tenant: tenant, types: [try EventType("contract.thing.happened.v1")])
        return try SubscriptionOutbox(of: Sink(filter: wanted), on: events, store, from: start, settings: settings)
    }

    func append(_ streams: [String], type: String = "contract.thing.happened.v1") async throws {
        for name in streams {
            let stream = try StreamName(
                category: StreamCategory("contract.thing.v1"), tenant: tenant, entityID: name)
            let event = try NewEvent(
                id: .v7(), type: EventType(type), data: EventPayload(bytes: Array("{}".utf8)),
                metadata: EventPayload(bytes: Array("{}".utf8)))
            let position = try await events.append([event], to: stream, expecting: .any).position
            appended.positions.withLock { $0.append(position) }
        }
    }

    /// The positions of events in the order in which they were appended here.
    func positions(_ indices: Int...) -> [Position] {
        appended.positions.withLock { positions in indices.map { positions[$0] } }
    }

    func message(
        _ payload: String, type: String = "contract.thing.happened.v1", key: String? = nil
    ) throws -> OutboxMessage {
        OutboxMessage(
            type: try EventType(type), payload: EventPayload(bytes: Array(payload.utf8)),
            metadata: EventPayload(bytes: Array("{}".utf8)), tenant: tenant, key: key)
    }

    func all(_ status: OutboxStatus) async throws -> [OutboxRecord] {
        try await administration.records(status, of: id, after: .start, limit: 100)
    }

    /// The ids of the records behind the event of an index.
    func records(_ status: OutboxStatus, after index: Int? = nil, limit: Int = 100) async throws -> [Position] {
        let position = index.map { positions($0)[0] } ?? .start
        return try await administration.records(status, of: id, after: position, limit: limit).map(\.id)
    }
}
