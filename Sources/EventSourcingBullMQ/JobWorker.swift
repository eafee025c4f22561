public import BullMQ
public import EventSourcing
public import Logging
public import ServiceLifecycle

/// Runs the jobs of a queue of BullMQ with a handler of ``/EventSourcing/Job``s.
///
/// What becomes of a job after an error is the ``/EventSourcing/ErrorCategory/reaction`` of its category: the next attempt,
/// as long as the job has some left; failure at once for what repeating cannot mend; and for what is fatal the queue is
/// paused until an administrator resumes it. A job that has an event runs in its context, see
/// ``/EventSourcing/MessageContext/handling(_:by:_:)``.
public struct JobWorker: Service {
    /// Does a job; the number is that of the attempt, from 1.
    public typealias Handler = @Sendable (Job, _ attempt: Int) async throws -> Void

    let worker: BullMQWorker

    /// - Parameter onEvent: called with what happens, for metrics and tests.
    public init(
        of queue: BullMQQueue, configuration: BullMQWorkerConfiguration = BullMQWorkerConfiguration(), logger: Logger,
        onEvent: @escaping @Sendable (BullMQWorkerEvent) -> Void = { _ in }, handler: @escaping Handler
    ) {
        worker = BullMQWorker(of: queue, configuration: configuration, logger: logger, onEvent: onEvent) { claimed in
            let job = Job(claimed)
            do {
                try await MessageContext.handling(job, by: queue.name) { try await handler(job, claimed.attempt) }
                return nil
            } catch {
                switch ErrorCategory(of: error).reaction {
                case .retry: throw error
                case .park, .refuse: throw UnrecoverableJobError("\(error)")
                case .stop:
                    await Self.pause(queue, because: error, logger)
                    throw error
                }
            }
        }
    }

    /// Keeps all workers of the queue from taking jobs. When Redis cannot be used they take none either.
    private static func pause(_ queue: BullMQQueue, because error: any Error, _ logger: Logger) async {
        logger.critical(
            "Queue paused; mend the cause, then resume the queue, with BullMQQueue.resume() or any tool for BullMQ",
            metadata: ["queue.name": "\(queue.name)", "error": "\(error)"])
        do { try await queue.pause() } catch {
            logger.error("Queue could not be paused", metadata: ["error": "\(error)"])
        }
    }

    /// - Throws: as ``BullMQ/BullMQWorker/run()``.
    public func run() async throws { try await worker.run() }
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
