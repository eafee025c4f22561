import BullMQ
import Logging
import Synchronization

/// Runs jobs with an empty handler: our worker compared with the one of BullMQ for Python.
enum WorkerWorkload {
    private static let concurrency = 50
    private static let ours = "worker, 50 jobs at a time"
    private static let peer = "worker of BullMQ for Python, 50 jobs at a time"

    static func run(on bench: Bench) async throws -> Report {
        let jobs = bench.effort.queuedJobs
        return try await BenchmarkRedis.running(on: bench) { redis in
            let contenders = [
                Contender(ours) {
                    try await fill(redis, jobs)
                    return try await work(on: redis, jobs)
                },
                Contender(peer) {
                    try await fill(redis, jobs / 5)
                    return try await redis.peer("work", "\(jobs / 5)", "\(concurrency)")
                },
            ]
            var report = Report("Worker on Redis", unit: "jobs", contenders, try await bench.rounds(contenders))
            report.compare("worker-python", ours, to: peer, reach: 3)
            return report
        }
    }

    private static func fill(_ redis: BenchmarkRedis, _ jobs: Int) async throws {
        try await redis.empty()
        _ = try await redis.queue.addBulk((0..<jobs).map { .sample("job-\($0)") })
    }

    private static func work(on redis: BenchmarkRedis, _ jobs: Int) async throws -> Measurement {
        var configuration = BullMQWorkerConfiguration()
        configuration.concurrency = concurrency
        let left = Left(jobs)
        let worker = BullMQWorker(
            of: try redis.queue, configuration: configuration, logger: Logger(label: "worker"),
            onEvent: { event in if case .completed = event { left.decrement() } },
            handler: { _ in nil })
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask { for await _ in left.zero { break } }
            try await group.next()
            group.cancelAll()
        }
        return Measurement(count: jobs, seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// Counts down, and says when nothing is left.
    private final class Left: Sendable {
        let zero: AsyncStream<Void>
        private let done: AsyncStream<Void>.Continuation
        private let count: Atomic<Int>

        init(_ count: Int) {
            self.count = Atomic(count)
            (zero, done) = AsyncStream.makeStream()
        }

        func decrement() {
            if count.subtract(1, ordering: .relaxed).newValue == 0 { done.yield() }
        }
    }
}
