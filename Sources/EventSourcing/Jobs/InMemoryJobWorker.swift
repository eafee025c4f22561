public import ServiceLifecycle
import Synchronization

/// Runs the jobs of an ``InMemoryJobQueue``, one after the other, as a worker of a real queue does: with attempts, pauses
/// between them, and the ``ErrorCategory/reaction`` to errors. For tests and demonstrations.
///
/// After a fatal error it returns, and keeps the job as the next one.
public final class InMemoryJobWorker: Service {
    /// Does a job; the number is that of the attempt, from 1.
    public typealias Handler = @Sendable (Job, _ attempt: Int) async throws -> Void

    private let queue: InMemoryJobQueue
    private let clock: ServiceClock
    private let handler: Handler
    private let failures = Mutex<[(Job, String)]>([])

    /// Makes a worker that takes the jobs of a queue one after another.
    ///
    /// - Parameter clock: measures the pauses between attempts.
    public init(of queue: InMemoryJobQueue, clock: ServiceClock = .system, handler: @escaping Handler) {
        self.queue = queue
        self.clock = clock
        self.handler = handler
    }

    /// The jobs that have failed for good, and why.
    public var failed: [(job: Job, reason: String)] { failures.withLock { $0.map { (job: $0.0, reason: $0.1) } } }

    /// Runs jobs until graceful shutdown or cancellation.
    ///
    /// - Throws: what is fatal.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                while !Task.isCancelled { try await self.work(on: self.queue.waitForNext()) }
            } catch is CancellationError {}
        }
    }

    private func work(on job: Job) async throws {
        var attempt = 1
        while true {
            do {
                return try await MessageContext.handling(job, by: job.name) { [attempt] in
                    try await handler(job, attempt)
                }
            } catch {
                try Task.checkCancellation()
                switch ErrorCategory(of: error).reaction {
                case .stop:
                    queue.putBack(job)
                    throw error
                case .retry where attempt < job.options.attempts:
                    try await clock.sleep(for: job.options.backoff.pause(afterAttempt: attempt))
                    attempt += 1
                case .retry, .park, .refuse:
                    return failures.withLock { $0.append((job, "\(error)")) }
                }
            }
        }
    }
}

extension JobBackoff {
    fileprivate func pause(afterAttempt attempt: Int) -> Duration {
        switch self {
        case .none: .zero
        case .fixed(let pause, let jitter): pause * (1 - jitter * Double.random(in: 0...1))
        case .exponential(let pause, let jitter):
            pause * (1 << min(attempt - 1, 30)) * (1 - jitter * Double.random(in: 0...1))
        }
    }
}
