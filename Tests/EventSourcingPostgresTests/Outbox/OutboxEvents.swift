import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Logging
import PostgresTesting
import ServiceLifecycle

/// Appends events for a sink, and relays them.
struct OutboxEvents {
    static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    let store: PostgresEventStore

    init(_ store: PostgresEventStore) { self.store = store }

    func event(
        _ data: [UInt8] = Array(#"{"amount": 1.50}"#.utf8), type: String = "tests.thing.happened.v1"
    ) throws -> NewEvent {
        try NewEvent(
            id: .v7(), type: EventType(type), data: EventPayload(bytes: data),
            metadata: EventPayload(bytes: Array("{}".utf8)))
    }

    /// - Returns: all events of the log.
    @discardableResult
    func append(
        _ count: Int, streams: Int = 1, type: String = "tests.thing.happened.v1"
    ) async throws -> [RecordedEvent] {
        for number in 0..<count {
            let stream = try StreamName("tests.thing.v1-core-\(number % streams)")
            _ = try await store.append([event(type: type)], to: stream, expecting: .any)
        }
        return try await store.readLog(after: .start, .forwards, limit: .max)
    }

    /// Runs relays to a sink, each on a client of its own, until so many events are settled, and `body` is done.
    func relay(
        to sink: any EventSink, relays: Int = 1, until count: Int64, batchSize: Int = 500,
        _ body: ([Relay]) async throws -> Void = { _ in }
    ) async throws {
        let database = try TestDatabase.current
        try await database.withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { client in
            var configuration = Relay.Configuration()
            configuration.batchSize = batchSize
            configuration.pollInterval = .milliseconds(50)
            configuration.longestPause = .milliseconds(100)
            var settings = SubscriptionSettings()
            settings.retryDelays = [.zero]
            let all = try (0..<relays).map { _ in
                try Relay(
                    to: sink, in: PostgresSubscriptionStore(client), appended: store.appended, settings: settings,
                    configuration: configuration, logger: Self.silent)
            }
            let group = ServiceGroup(services: all, logger: Self.silent)
            try await database.withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { admin in
                let administration = PostgresSubscriptionAdministration(admin)
                try await withThrowingTaskGroup { tasks in
                    tasks.addTask { try await group.run() }
                    try await body(all)
                    while try await administration.subscriptions().first?.settled ?? 0 < count {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    await group.triggerGracefulShutdown()
                    try await tasks.waitForAll()
                }
            }
        }
    }
}
