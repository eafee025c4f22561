/// A queue of jobs for workers, in this process or in others.
public protocol JobQueue: Sendable {
    /// Adds jobs in their order.
    ///
    /// - Returns: the outcome of each job, in the same order.
    /// - Throws: when it is unknown which jobs were added, or the queue cannot be reached. Adding the same jobs again is safe.
    func add(_ jobs: [Job]) async throws -> [JobOutcome]
}

/// What became of a job that was added to a queue.
public enum JobOutcome: Hashable, Sendable {
    case added
    /// The queue knows a job of this id; nothing changed.
    case duplicate
    /// The queue does not take this job, now or later.
    case refused(reason: String)
}
