import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import FoundationEssentials
import Logging

/// How long it takes from the call of an append until a worker of BullMQ for Python has the job, under 200 appends a second.
enum LatencyWorkload {
    private static let perSecond = 200
    private static let row = "append to a worker in Python, \(perSecond) a second"

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("latency") { log in
            try await BenchmarkRedis.running(on: bench) { redis in
                let contenders = [Contender(row) { try await measure(log, redis, seconds: bench.effort.seconds) }]
                var report = Report("Latency", unit: "events", contenders, try await bench.rounds(contenders))
                if let latency = report.rows.first?.measurement.latencies.quantile(0.99) {
                    report.ratios.append(Ratio(name: "outbox-p99-30ms", value: 30 / latency, reach: 1))
                }
                return report
            }
        }
    }

    private static func measure(_ log: Database, _ redis: BenchmarkRedis, seconds: Int) async throws -> Measurement {
        try await redis.empty()
        let appended = PositionSignal()
        return try await log.withStore(appended: appended) { store in
            try await log.withClient(role: PostgresEventStore.serviceRole) { client in
                let sink = CountingSink("latency-\(UUID().uuidString)", .max, into: try redis.queue)
                let relay = try Relay(
                    to: QueueSink(sink.name, into: sink, routes: [JobRoute("all", for: .all) { [Job(for: $0)] }]),
                    in: PostgresSubscriptionStore(client), appended: appended, from: .end,
                    logger: Logger(label: "relay"))
                return try await withThrowingTaskGroup(of: Measurement?.self) { group in
                    group.addTask {
                        try await relay.run()
                        return nil
                    }
                    let count = perSecond * seconds
                    group.addTask {
                        let start = ContinuousClock.now
                        let latencies = try await redis.latencies(of: count)
                        return Measurement(
                            count: count, seconds: (ContinuousClock.now - start).inSeconds, latencies: latencies)
                    }
                    try await redis.awaitWorker()
                    try await append(count, to: store)
                    defer { group.cancelAll() }
                    while let answer = try await group.next() { if let answer { return answer } }
                    throw WrongAnswer()
                }
            }
        }
    }

    /// Appends that come whether the ones before are done or not, each with the time at which it was called.
    private static func append(_ count: Int, to store: PostgresEventStore) async throws {
        let start = ContinuousClock.now
        try await withThrowingDiscardingTaskGroup { group in
            for number in 0..<count {
                try await Task.sleep(until: start + .milliseconds(number * 1_000 / perSecond), tolerance: .zero)
                group.addTask {
                    let id = UUID.v7()
                    let event = NewEvent(
                        id: id, type: try EventType("benchmarks.sample.sent.v1"),
                        data: EventPayload(bytes: Array("{\"sentAt\":\(Date().timeIntervalSince1970)}".utf8)),
                        metadata: EventPayload(bytes: Array(SampleEvent.metadata.utf8)))
                    let stream = try StreamName(
                        category: StreamCategory("benchmarks.sample.v1"), tenant: TenantID(InvoiceLog.tenant),
                        entityID: id.text)
                    _ = try await store.append([event], to: stream, expecting: .noStream)
                }
            }
        }
    }
}
