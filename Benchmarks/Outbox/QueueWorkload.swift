import BullMQ
import EventSourcingBullMQ
import EventSourcingPostgres
import FoundationEssentials
import Subprocess

/// Adds jobs to a queue: a relay of a log in PostgreSQL, and our queue, compared with redis-benchmark, which makes the same
/// call, and with the queue of BullMQ for Python.
enum QueueWorkload {
    /// As many as a relay takes at a time.
    private static let batch = 400
    private static let relay = "relay, events of a log into jobs"
    private static let ours = "addBulk, 400 jobs"
    private static let oursTwice = "addBulk, 400 jobs, 2 tasks"
    private static let bare = "redis-benchmark, 64 jobs a call"
    private static let peer = "addBulk of BullMQ for Python, 400 jobs"

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("queue") { log in
            let events = bench.effort.subscribedEvents
            try await InvoiceLog.fill(log, events: events, on: bench)
            return try await BenchmarkRedis.running(on: bench) { redis in
                try await run(on: bench, redis, relaying: events, of: log)
            }
        }
    }

    private static func run(
        on bench: Bench, _ redis: BenchmarkRedis, relaying events: Int, of log: Database
    ) async throws -> Report {
        let contenders = [
            Contender(relay) { try await relay(events, of: log, to: redis) },
            Contender(ours) { try await add(to: redis, tasks: 1, seconds: bench.effort.seconds) },
            Contender(oursTwice) { try await add(to: redis, tasks: 2, seconds: bench.effort.seconds) },
            Contender(bare) { try await call(redis) },
            Contender(peer) {
                try await redis.empty()
                return try await redis.peer("add", "\(bench.effort.seconds)", "\(batch)")
            },
        ]
        var report = Report("Queue on Redis", unit: "jobs", contenders, try await bench.rounds(contenders))
        report.compare("outbox-python", relay, to: peer, reach: 5)
        report.compare("outbox-redis-benchmark", relay, to: bare, reach: 0.2)
        if let rate = report.rate(of: relay) {
            report.ratios.append(Ratio(name: "outbox-10000-a-second", value: rate / 10_000, reach: 1))
        }
        report.compare("queue-python", ours, to: peer, reach: 5)
        report.compare("queue-python-2", oursTwice, to: peer, reach: 5)
        report.compare("queue-redis-benchmark", oursTwice, to: bare, reach: 0.5)
        if let rate = report.rate(of: ours) {
            report.ratios.append(Ratio(name: "queue-10000-a-second", value: rate / 10_000, reach: 1))
        }
        return report
    }

    /// All events of the log, by a subscription of its own each time.
    private static func relay(_ events: Int, of log: Database, to redis: BenchmarkRedis) async throws -> Measurement {
        try await redis.empty()
        let sink = CountingSink("queue-\(UUID().uuidString)", events, into: try redis.queue)
        return try await log.withClient(role: PostgresEventStore.serviceRole) { client in
            try await RelayWorkload.relay(sink, makesJobs: true, in: PostgresSubscriptionStore(client))
        }
    }

    /// Each task is a relay, which adds its next batch when the one before is added.
    private static func add(to redis: BenchmarkRedis, tasks: Int, seconds: Int) async throws -> Measurement {
        try await redis.empty()
        let queue = try redis.queue
        let relays = (0..<tasks).map { _ in Relay(queue: queue, batch: batch) }
        return try await ClosedLoop.run(relays, seconds: seconds)
    }

    private struct Relay: Worker {
        let queue: BullMQQueue
        let batch: Int
        private let run = UUID().uuidString
        private var count = 0

        init(queue: BullMQQueue, batch: Int) {
            self.queue = queue
            self.batch = batch
        }

        mutating func work() async throws -> Int {
            let outcomes = try await queue.addBulk((0..<batch).map { .sample("\(run)-\(count + $0)") })
            precondition(outcomes.allSatisfy { $0 == .added })
            count += batch
            return batch
        }
    }

    /// The call that ``add(to:tasks:seconds:)`` makes, by redis-benchmark, which puts a random number into each id. As many calls
    /// are under way as for a batch of ours.
    private static func call(_ redis: BenchmarkRedis) async throws -> Measurement {
        try await redis.empty()
        let call = try redis.queue.addCall((0..<64).map { .sample("job\($0)-__rand_int__") })
        let calls = 2_000
        let start = ContinuousClock.now
        let result = try await Subprocess.run(
            .name("redis-benchmark"),
            arguments: Arguments(
                ["-s", redis.socket, "-c", "1", "-P", "7", "-n", "\(calls)", "-r", "1000000000", "-q"] + call),
            output: .discarded, error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw ProgramFailed(path: "redis-benchmark", output: result.standardError)
        }
        let seconds = (ContinuousClock.now - start).inSeconds
        let count = try await redis.queue.counts().waiting
        return Measurement(count: count, seconds: seconds)
    }
}
