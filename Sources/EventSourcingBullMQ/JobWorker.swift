public import BullMQ
public import EventSourcing
public import Logging
public import ServiceLifecycle

/// Runs the jobs of a queue of BullMQ with a handler of ``/EventSourcing/Job``s.
///
/// What becomes of a job after an error is the ``/EventSourcing/ErrorCategory/reaction`` of its category: the next attempt,
/// as long as the job has some left, or failure at once for what repeating cannot mend. After a fatal error the job has the
/// next attempt or fails, as after any other one, and the worker stops: it takes nothing more, lets its other jobs finish, and
/// throws ``JobWorkerStopped``. Workers of other processes go on. A job that has an event runs in its context, see
/// ``/EventSourcing/MessageContext/handling(_:by:_:)``.
public struct JobWorker: Service {
    /// Does a job; the number is that of the attempt, from 1.
    public typealias Handler = @Sendable (Job, _ attempt: Int) async throws -> Void

    private let worker: BullMQWorker
    private let name: String
    private let logger: Logger
    private let fatalErrors = AsyncStream<any Error>.makeStream(bufferingPolicy: .bufferingOldest(1))

    /// - Parameter onEvent: called with what happens, for metrics and tests.
    public init(
        of queue: BullMQQueue, configuration: BullMQWorkerConfiguration = BullMQWorkerConfiguration(), logger: Logger,
        onEvent: @escaping @Sendable (BullMQWorkerEvent) -> Void = { _ in }, handler: @escaping Handler
    ) {
        name = queue.name
        self.logger = logger
        worker = BullMQWorker(
            of: queue, configuration: configuration, logger: logger, onEvent: onEvent
        ) { [fatal = fatalErrors.continuation] claimed in
            let job = Job(claimed)
            do {
                try await MessageContext.handling(job, by: queue.name) { try await handler(job, claimed.attempt) }
                return nil
            } catch {
                switch ErrorCategory(of: error).reaction {
                case .retry: throw error
                case .park, .refuse: throw UnrecoverableJobError("\(error)")
                case .stop:
                    fatal.yield(error)
                    // The attempt ends when no other one can begin here.
                    try? await gracefulShutdown()
                    throw error
                }
            }
        }
    }

    /// Runs jobs until graceful shutdown or a fatal error. A worker is run once.
    ///
    /// - Throws: ``JobWorkerStopped`` after a fatal error; otherwise as ``BullMQ/BullMQWorker/run()``.
    public func run() async throws {
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [worker], logger: logger))
        let fatalError = try await withThrowingTaskGroup(of: (any Error)?.self) { tasks in
            tasks.addTask {
                for await error in fatalErrors.stream {
                    logger.critical(
                        "Worker stops after a fatal error; mend the cause, then start it again",
                        metadata: ["queue.name": "\(name)", "error": "\(error)"])
                    await group.triggerGracefulShutdown()
                    return error
                }
                return nil
            }
            tasks.addTask {
                try await group.run()
                fatalErrors.continuation.finish()
                return nil
            }
            var found: (any Error)?
            for try await error in tasks { found = found ?? error }
            return found
        }
        if let fatalError { throw JobWorkerStopped(queue: name, underlying: fatalError) }
    }
}

/// A worker has stopped because the handler of a job has thrown a fatal error.
public struct JobWorkerStopped: CategorizedError, CustomStringConvertible {
    /// The name of the queue.
    public let queue: String
    /// What the handler has thrown.
    public let underlying: any Error

    /// Waiting does not help.
    public var category: ErrorCategory { .fatal }
    /// Names the queue and the error, and says what to do.
    public var description: String {
        "the worker of the queue \(queue) has stopped: \(underlying); mend the cause, then start it again"
    }
}

extension Job {
    /// A job as a worker has claimed it. Of the options it has those that a handler may want to know.
    public init(_ claimed: ClaimedJob) {
        var options = JobOptions()
        options.attempts = claimed.options.attempts
        options.delay = claimed.options.delay
        options.priority = claimed.options.priority
        self.init(id: claimed.id, name: claimed.name, data: EventPayload(bytes: claimed.data), options: options)
    }
}
