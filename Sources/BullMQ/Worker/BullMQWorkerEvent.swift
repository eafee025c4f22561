/// What happens to the jobs of a worker.
public enum BullMQWorkerEvent: Sendable {
    case completed(ClaimedJob)
    /// An attempt failed; the next one is after a pause.
    case retrying(ClaimedJob, reason: String, after: Duration)
    /// The job has failed for good.
    case failed(ClaimedJob, reason: String)
    /// Another worker may run the job, because the lock was not renewed in time. What this worker's attempt results in is
    /// not recorded.
    case lockLost(ClaimedJob)
    /// The outcome of an attempt could not be recorded. The job runs again when its lock has expired.
    case notRecorded(ClaimedJob, reason: String)
    /// Jobs of workers that are gone wait again.
    case recovered(ids: [String])
    /// Redis cannot be used at the moment.
    case unavailable(RedisError)
}

/// An error of a handler that no further attempt can mend: the job fails at once, whatever its options say.
public struct UnrecoverableJobError: Error, Hashable, CustomStringConvertible {
    /// Why; it is stored as the reason of the failure.
    public let description: String

    /// Throw it from a handler to fail a job at once, whatever attempts are left.
    public init(_ reason: String) { description = reason }
}
