import EventSourcing
import EventSourcingPostgres
import LibPQ
import Logging
import Synchronization

/// A persistent subscription with 8 consumers whose handlers do nothing.
enum SubscriptionWorkload {
    private static let consumers = 8

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("subscription") { database in
            let events = bench.effort.subscribedEvents
            try await InvoiceLog.fill(database, events: events, on: bench)
            let run = Mutex(0)
            let contenders = [
                Contender("subscription, \(consumers) consumers") {
                    let number = run.withLock { number in
                        number += 1
                        return number
                    }
                    return try await database.withClient(role: PostgresEventStore.serviceRole) {
                        try await consume(with: $0, group: "benchmark\(number)", events)
                    }
                }
            ]
            var report = Report("Subscription", unit: "messages", contenders, try await bench.rounds(contenders))
            if let rate = report.rows.first?.measurement.rate {
                report.ratios.append(Ratio(name: "subscription-10k", value: rate / 10_000, reach: 1))
            }
            return report
        }
    }

    private static func consume(
        with client: PostgresClient, group name: String, _ events: Int
    ) async throws -> Measurement {
        let store = PostgresSubscriptionStore(client)
        let subscription = try Subscription(SubscriptionID(name), on: .log(.all))
        let handled = PositionSignal()
        let count = Atomic(0)
        let start = ContinuousClock.now
        let isDone = try await withThrowingTaskGroup { group in
            for _ in 0..<consumers {
                let consumer = SubscriptionConsumer(
                    of: subscription, in: store, appended: PositionSignal(), logger: Logger(label: "benchmark")
                ) { _, _ in
                    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
                    if number == events { handled.advance(to: Position(Int64(number))) }
                }
                group.addTask { () -> Bool? in
                    try await consumer.run()
                    return nil
                }
            }
            group.addTask { try await handled.wait(until: Position(Int64(events)), atMost: .seconds(600)) }
            defer { group.cancelAll() }
            while let answer = try await group.next() { if let answer { return answer } }
            return false
        }
        guard isDone else { throw WrongAnswer() }
        return Measurement(count: events, seconds: (ContinuousClock.now - start).inSeconds)
    }
}
