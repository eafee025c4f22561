import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import Logging
import ServiceLifecycle

/// What persistent subscriptions cost an append: none, 1,000 that are registered, and 1,000 with a consumer each in this
/// process, of which none receives what is appended.
enum GroupsWorkload {
    private static let groups = 1_000
    private static let without = "append, 64 tasks, no group"
    private static let registered = "append, 64 tasks, 1,000 groups"
    private static let consumed = "append, 64 tasks, 1,000 groups with consumers"

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("no_groups") { empty in
            try await bench.withDatabase("groups") { full in
                try await full.withClient(role: PostgresEventStore.serviceRole) { client in
                    let store = PostgresSubscriptionStore(client)
                    for number in 0..<groups { try await store.register(subscription(number)) }
                }
                let contenders = [
                    Contender(without) { try await append(to: empty, bench) },
                    Contender(registered) { try await append(to: full, bench) },
                    Contender(consumed) { try await append(to: full, bench, consuming: true) },
                ]
                var report = Report("Groups", unit: "events", contenders, try await bench.rounds(contenders))
                report.compare("groups-registered", registered, to: without, reach: 0.95)
                report.compare("groups-consumed", consumed, to: without, reach: 0.9)
                return report
            }
        }
    }

    private static func subscription(_ number: Int) throws -> Subscription {
        let type = try EventType("benchmarks.group.number\(number).v1")
        return try Subscription(SubscriptionID("group\(number)"), on: .log(LogFilter(types: [type])), from: .end)
    }

    private static func append(
        to database: Database, _ bench: Bench, consuming isConsuming: Bool = false
    ) async throws -> Measurement {
        let (appended, tail) = (PositionSignal(), LogTail())
        return try await database.withClient(role: PostgresEventStore.serviceRole) { client in
            let store = PostgresEventStore(client, appended: appended, tail: tail)
            let append = AppendWorkload.newStreams(64, bench, store, ids: .timeOrdered, name: without)
            guard isConsuming else { return try await append.run() }
            return try await database.withClient(role: PostgresEventStore.serviceRole) { client in
                let subscriptions = PostgresSubscriptionStore(client, tail: tail)
                let logger = Logger(label: "benchmark")
                let wakeups = SubscriptionWakeups(
                    reading: store, appended: appended, tail: tail, changes: subscriptions, logger: logger)
                let consumers = try (0..<groups).map { number in
                    SubscriptionConsumer(
                        of: try subscription(number), in: subscriptions, appended: appended, wakeups: wakeups,
                        logger: logger
                    ) { _, _ in }
                }
                return try await withThrowingDiscardingTaskGroup { group in
                    for service in [wakeups] + consumers as [any Service] {
                        group.addTask {
                            do { try await service.run() } catch { if !Task.isCancelled { throw error } }
                        }
                    }
                    defer { group.cancelAll() }
                    return try await append.run()
                }
            }
        }
    }
}
