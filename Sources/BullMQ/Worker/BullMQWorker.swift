import FoundationEssentials
public import Logging
public import ServiceLifecycle
import Synchronization

/// Runs the jobs of a queue of BullMQ, together with workers in other programs and languages.
///
/// A job runs at least once: again when an attempt fails and there are more, and when its worker is lost. For graceful
/// shutdown the worker takes nothing more and lets the handlers finish. When its task is cancelled, so are the handlers;
/// their jobs run again when the locks have expired.
public struct BullMQWorker: Service {
    /// Does a job; returns its result as JSON, or nil for none. An ``UnrecoverableJobError`` fails the job at once.
    public typealias Handler = @Sendable (ClaimedJob) async throws -> String?

    let queue: BullMQQueue
    let configuration: BullMQWorkerConfiguration
    let logger: Logger
    let report: @Sendable (BullMQWorkerEvent) -> Void
    let handler: Handler
    let running: RunningJobs
    private let id = UUID().uuidString

    /// - Parameter onEvent: called with what happens, for metrics and tests; the worker logs what needs attention itself.
    public init(
        of queue: BullMQQueue, configuration: BullMQWorkerConfiguration = BullMQWorkerConfiguration(), logger: Logger,
        onEvent: @escaping @Sendable (BullMQWorkerEvent) -> Void = { _ in }, handler: @escaping Handler
    ) {
        var logger = logger
        logger[metadataKey: "queue.name"] = "\(queue.name)"
        self.queue = queue
        self.configuration = configuration
        self.logger = logger
        self.handler = handler
        running = RunningJobs(capacity: max(configuration.concurrency, 1))
        report = { [logger] event in
            Self.log(event, to: logger)
            onEvent(event)
        }
    }

    /// - Throws: ``RedisError`` that waiting cannot mend, such as a refused sign-in; `CancellationError`.
    public func run() async throws {
        let blocking = try queue.client.forBlocking()
        do {
            try await serve(blocking)
        } catch {
            await close(blocking)
            throw error
        }
        await close(blocking)
    }

    private func serve(_ blocking: RedisClient) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await renewLocks() }
            group.addTask { try await recoverStalled() }
            group.addTask {
                try await takeJobs(blocking)
                throw Finished()
            }
            do {
                while try await group.next() != nil {}
            } catch is Finished {
                group.cancelAll()
            }
        }
        try Task.checkCancellation()
    }

    private func close(_ blocking: RedisClient) async {
        await blocking.close()
        // The interrupted wait may have taken the wakeup of another worker.
        _ = try? await queue.client.attempt(BullMQScript.wakeWorkers.callBySource([RedisArgument(queue.base)], []))
    }

    private struct Finished: Error {}
}

// MARK: - Taking jobs

extension BullMQWorker {
    private func takeJobs(_ blocking: RedisClient) async throws {
        try await withThrowingDiscardingTaskGroup { jobs in
            var claims = 0
            while !Task.isShuttingDownGracefully {
                try Task.checkCancellation()
                let room = await running.room()
                if Task.isShuttingDownGracefully { return }
                claims += 1
                let token = "\(id):\(claims)"
                guard let claim = try await persisting({ try await self.claim(room, token: token) }) else { return }
                for job in claim.jobs {
                    running.begin(job)
                    jobs.addTask {
                        await work(on: job)
                        running.end(job)
                    }
                }
                if claim.jobs.count == room { continue }
                if claim.pause > .zero {
                    await sleepUnlessStopping(claim.pause)
                } else {
                    try await waitForWakeup(nextDue: claim.nextDue, blocking)
                }
            }
        }
    }

    private func claim(_ room: Int, token: String) async throws -> Claim {
        let limit = configuration.rateLimit
        let reply = try await queue.call(
            BullMQScript.claimJobs, RedisArgument(queue.now()), RedisArgument(token),
            RedisArgument(configuration.lockDuration.milliseconds), RedisArgument(configuration.name),
            RedisArgument(room), RedisArgument(limit?.jobs ?? 0), RedisArgument(limit?.period.milliseconds ?? 0))
        return try Claim(reply, token: token)
    }

    /// Waits until another client writes the marker, a delayed job is due, or the drain delay is over.
    private func waitForWakeup(nextDue: Int64?, _ blocking: RedisClient) async throws {
        let timeout = min(max(configuration.drainDelay.milliseconds, 1), nextDue.map { $0 - queue.now() } ?? .max)
        guard timeout > 0 else { return }
        let command = RedisCommand(
            "BZPOPMIN", RedisArgument(queue.base + "marker"), RedisArgument("\(Double(timeout) / 1_000)"))
        _ = try await persisting {
            try await blocking.block(command, atMost: .milliseconds(timeout))
        }
    }

    /// Repeats an operation until Redis can be used again.
    ///
    /// - Returns: nil when the worker stops meanwhile.
    private func persisting<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        var failures = 0
        while !Task.isShuttingDownGracefully {
            do {
                return try await cancelWhenGracefulShutdown(operation)
            } catch is CancellationError {
                try Task.checkCancellation()
                return nil
            } catch let error as RedisError where error.isTransient {
                failures += 1
                report(.unavailable(error))
                await sleepUnlessStopping(pause(afterFailures: failures))
                try Task.checkCancellation()
            }
        }
        return nil
    }

    func pause(afterFailures failures: Int) -> Duration {
        min(.milliseconds(50) * (1 << min(failures, 10)), configuration.longestPause) * Double.random(in: 0.5...1)
    }

    private func sleepUnlessStopping(_ duration: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
    }
}

// MARK: - Upkeep

extension BullMQWorker {
    /// Renews the locks of running jobs, also while the worker waits for them to end.
    private func renewLocks() async throws {
        while true {
            try await Task.sleep(for: configuration.lockDuration / 2)
            let jobs = running.all
            if jobs.isEmpty { continue }
            try await ignoringTransient {
                let arguments =
                    [RedisArgument(configuration.lockDuration.milliseconds)]
                    + jobs.flatMap { [RedisArgument($0.id), RedisArgument($0.token)] }
                let reply = try await queue.client.run(
                    BullMQScript.renewLocks, keys: [RedisArgument(queue.base)], arguments: arguments)
                let lost = Set((reply.array ?? []).compactMap(\.text))
                for job in jobs where lost.contains(job.id) && running.lose(job) { report(.lockLost(job)) }
            }
        }
    }

    private func recoverStalled() async throws {
        while true {
            try await ignoringTransient {
                let reply = try await queue.call(
                    BullMQScript.recoverStalled, RedisArgument(queue.now()),
                    RedisArgument(max(configuration.stalledInterval.milliseconds, 1)),
                    RedisArgument(configuration.maximumStalls))
                let ids = (reply.array ?? []).compactMap(\.text)
                if !ids.isEmpty { report(.recovered(ids: ids)) }
            }
            try await Task.sleep(for: configuration.stalledInterval)
        }
    }

    private func ignoringTransient(_ operation: () async throws -> Void) async throws {
        do {
            try await operation()
        } catch let error as RedisError where error.isTransient {
            report(.unavailable(error))
        }
    }
}
