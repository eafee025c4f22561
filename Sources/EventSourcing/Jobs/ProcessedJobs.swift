public import FoundationEssentials

/// Which jobs a consumer has processed, so that a job that is delivered again has no second effect.
///
/// A queue delivers a job at least once. A consumer claims it with ``begin(_:by:for:)``, does the work, and completes it; see
/// ``once(_:claiming:_:)``. When the consumer dies between the effect and the completion, the claim expires and the job is
/// processed again. An effect in PostgreSQL avoids that: it records the job in its own transaction. An effect outside has
/// to pass the job's id on as the receiver's own key, such as a mail's `Message-ID` or a request's `Idempotency-Key`.
public protocol ProcessedJobs: Sendable {
    /// Claims a job.
    ///
    /// - Parameters:
    ///   - claim: unique for each attempt. The same claim can be made again when the first outcome is unknown.
    ///   - duration: how long the claim lasts, by the store's clock. It has to be longer than the work.
    func begin(_ job: ProcessedJobID, by claim: UUID, for duration: Duration) async throws -> JobClaimOutcome

    /// Records that the work is done.
    ///
    /// - Returns: false when the claim had expired and another attempt has claimed the job since.
    func complete(_ job: ProcessedJobID, by claim: UUID) async throws -> Bool

    /// Gives a claim back, so that the next attempt need not wait until it expires.
    func abandon(_ job: ProcessedJobID, by claim: UUID) async throws

    /// Forgets jobs that were completed, and claims that expired, so long ago. A job that is delivered after that is
    /// processed again: choose more than the longest time for which a queue or a relay can deliver a job again.
    ///
    /// - Returns: how many were forgotten.
    @discardableResult
    func purge(olderThan age: Duration) async throws -> Int
}

/// A job of a consumer. Each consumer processes a job once.
public struct ProcessedJobID: Hashable, Sendable, CustomStringConvertible {
    /// Names the work that is done once, such as `notification`.
    public let consumer: String
    /// The id of the job in its queue.
    public let job: String

    /// Names a job for one consumer: two consumers of a job keep count for themselves.
    public init(_ job: String, by consumer: String) {
        self.consumer = consumer
        self.job = job
    }

    /// Names job and consumer.
    public var description: String { "\(job) of \(consumer)" }
}

/// What became of a claim.
public enum JobClaimOutcome: String, Hashable, Sendable {
    /// The job is the caller's to process.
    case new
    /// The job was processed.
    case done
    /// Another attempt has claimed it.
    case inProgress = "in progress"
}

/// Another attempt is processing the job: this one comes too early.
public struct JobInProgress: CategorizedError, Hashable, CustomStringConvertible {
    /// The job that another attempt has claimed.
    public let job: ProcessedJobID

    /// For implementations of ``ProcessedJobs``.
    public init(_ job: ProcessedJobID) { self.job = job }

    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }

    /// Names the job, and says that its attempt may be dead.
    public var description: String { "another attempt is processing job \(job), or has died less than its claim ago" }
}

extension ProcessedJobs {
    /// Does the work of a job unless it was done.
    ///
    /// - Parameters:
    ///   - duration: how long the claim lasts; longer than the work can take.
    ///   - work: when it throws, the claim is given back.
    /// - Returns: false when the job had been processed before.
    /// - Throws: what the work throws; ``JobInProgress``. The error of a completion that fails is thrown, too: the work is
    ///   done, and is repeated by the next attempt.
    public func once(
        _ job: ProcessedJobID, claiming duration: Duration = .seconds(60), _ work: () async throws -> Void
    ) async throws -> Bool {
        let claim = UUID.v7()
        switch try await begin(job, by: claim, for: duration) {
        case .done: return false
        case .inProgress: throw JobInProgress(job)
        case .new: break
        }
        do { try await work() } catch {
            // The claim expires where it cannot be given back.
            try? await abandon(job, by: claim)
            throw error
        }
        _ = try await complete(job, by: claim)
        return true
    }
}
