public import BullMQ
public import EventSourcing
public import Logging
public import ServiceLifecycle

/// Runs the jobs of a queue of BullMQ with a handler of ``/EventSourcing/Job``s.
///
/// An error that repeating cannot mend (``ErrorCategory/validation``, ``ErrorCategory/poison``) fails the job at once. Any
/// other one, of an unknown category too, leads to the next attempt, as long as the job has some left.
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
            do {
                try await handler(Job(claimed), claimed.attempt)
                return nil
            } catch let error as any CategorizedError where [.validation, .poison].contains(error.category) {
                throw UnrecoverableJobError("\(error)")
            }
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
