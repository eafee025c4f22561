/// Does one operation after another, each when the one before has been answered.
protocol Worker: Sendable {
    /// - Returns: how many events, rows or loads it was.
    mutating func work() async throws -> Int
}

/// Concurrent workers, a task each.
enum ClosedLoop {
    /// Lets the workers work for some seconds. What comes only once (to connect, to prepare statements, to make a stream)
    /// is done before, by one operation of each that does not count.
    static func run(_ workers: [some Worker], seconds: Int) async throws -> Measurement {
        let workers = try await warmedUp(workers)
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let (count, latencies) = try await withThrowingTaskGroup { group in
            for worker in workers { group.addTask { try await loop(worker, until: end) } }
            return try await group.reduce(into: (0, Histogram())) { sum, done in
                sum.0 += done.0
                sum.1.merge(done.1)
            }
        }
        return Measurement(count: count, seconds: (ContinuousClock.now - start).inSeconds, latencies: latencies)
    }

    private static func loop(
        _ worker: some Worker, until end: ContinuousClock.Instant
    ) async throws -> (Int, Histogram) {
        var worker = worker
        var (count, latencies) = (0, Histogram())
        var last = ContinuousClock.now
        while last < end {
            count += try await worker.work()
            let now = ContinuousClock.now
            latencies.record(nanoseconds: (now - last).inNanoseconds)
            last = now
        }
        return (count, latencies)
    }

    private static func warmedUp<W: Worker>(_ workers: [W]) async throws -> [W] {
        try await withThrowingTaskGroup { group in
            for worker in workers {
                group.addTask {
                    var worker = worker
                    _ = try await worker.work()
                    return worker
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

/// Does the same thing again and again.
struct Repeated: Worker {
    let body: @Sendable () async throws -> Void

    func work() async throws -> Int {
        try await body()
        return 1
    }
}
