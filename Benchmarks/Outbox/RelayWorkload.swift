import EventSourcing
import EventSourcingPostgres
import LibPQ
import Logging
import Synchronization

/// A relay that brings the events of a log in PostgreSQL to a sink that only counts them: what the relay itself costs.
enum RelayWorkload {
    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("relay") { database in
            let events = bench.effort.subscribedEvents
            try await InvoiceLog.fill(database, events: events, on: bench)
            let run = Mutex(0)
            let trips = Mutex<[String: Int]>([:])
            func contender(_ name: String, relays: Int = 1, batchSize: Int = 500, makesJobs: Bool) -> Contender {
                Contender(name) {
                    let number = run.withLock { number in
                        number += 1
                        return number
                    }
                    let sink = Counting("benchmark\(number)", events)
                    return try await database.withClient(role: PostgresEventStore.serviceRole) { client in
                        let store = CountingStore(base: PostgresSubscriptionStore(client))
                        let measurement = try await relay(
                            sink, makesJobs: makesJobs, in: store, relays: relays, batchSize: batchSize)
                        trips.withLock { $0[name] = store.count }
                        return measurement
                    }
                }
            }
            let contenders = [
                contender("1 relay, events", makesJobs: false),
                contender("1 relay, jobs of events", makesJobs: true),
                contender("1 relay, jobs, 100 a call", batchSize: 100, makesJobs: true),
                contender("3 relays, jobs of events", relays: 3, makesJobs: true),
            ]
            var report = Report("Relay", unit: "events", contenders, try await bench.rounds(contenders))
            report.notes = trips.withLock { trips in
                trips.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value) trips for \(events) events" }
            }
            if let rate = report.rate(of: "1 relay, jobs of events") {
                report.ratios.append(Ratio(name: "relay-10k", value: rate / 10_000, reach: 1))
            }
            return report
        }
    }

    private static func relay(
        _ sink: Counting, makesJobs: Bool, in store: CountingStore, relays: Int, batchSize: Int
    ) async throws -> Measurement {
        let target: any EventSink =
            makesJobs
            ? try QueueSink(sink.name, into: sink, routes: [JobRoute("all", for: .all) { [Job(for: $0)] }]) : sink
        var configuration = Relay.Configuration()
        configuration.batchSize = batchSize
        let services = try (0..<relays).map { _ in
            try Relay(
                to: target, in: store, appended: PositionSignal(), configuration: configuration,
                logger: Logger(label: "benchmark"))
        }
        let start = ContinuousClock.now
        let isDone = try await withThrowingTaskGroup { group in
            for service in services {
                group.addTask { () -> Bool? in
                    try await service.run()
                    return nil
                }
            }
            group.addTask { try await sink.done.wait(until: Position(1), atMost: .seconds(600)) }
            defer { group.cancelAll() }
            while let answer = try await group.next() { if let answer { return answer } }
            return false
        }
        guard isDone else { throw WrongAnswer() }
        return Measurement(count: sink.total, seconds: (ContinuousClock.now - start).inSeconds)
    }
}

/// Counts what it is handed, as a sink and as a queue.
private final class Counting: EventSink, JobQueue {
    let name: String
    let filter = LogFilter.all
    let total: Int
    let done = PositionSignal()
    private let count = Atomic(0)

    init(_ name: String, _ total: Int) {
        self.name = name
        self.total = total
    }

    func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
        note(deliveries.count)
        return deliveries.map { _ in .acknowledge }
    }

    func add(_ jobs: [Job]) async throws -> [JobOutcome] {
        note(jobs.count)
        return jobs.map { _ in .added }
    }

    private func note(_ number: Int) {
        if count.add(number, ordering: .relaxed).newValue >= total { done.advance(to: Position(1)) }
    }
}

/// Counts the trips to the database.
private final class CountingStore: SubscriptionStore {
    private let base: PostgresSubscriptionStore
    private let calls = Atomic(0)

    init(base: PostgresSubscriptionStore) { self.base = base }

    var count: Int { calls.load(ordering: .relaxed) }

    func register(_ subscription: Subscription) async throws { try await base.register(subscription) }

    func exchange(_ exchange: SubscriptionExchange, in id: SubscriptionID) async throws -> SubscriptionHandout {
        calls.add(1, ordering: .relaxed)
        return try await base.exchange(exchange, in: id)
    }
}
