public import EventSourcing
public import FoundationEssentials
public import LibPQ

/// Processed jobs in the database of the event store, by a client that has the role ``PostgresEventStore/serviceRole``.
public struct PostgresProcessedJobs: ProcessedJobs {
    /// How many rows one transaction removes, so that none is long.
    private static let purgeStep: Int64 = 10_000

    private let client: PostgresClient

    /// Takes a client of the database that has the table.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/ProcessedJobs/begin(_:by:for:)``.
    public func begin(
        _ job: ProcessedJobID, by claim: UUID, for duration: Duration
    ) async throws -> JobClaimOutcome {
        let rows = try await repeatingWhenUnknown {
            try await client.execute(Self.claim, job.consumer, job.job, claim, max(0, duration.wholeMilliseconds))
        }
        return try Self.outcome(rows)
    }

    /// See ``/EventSourcing/ProcessedJobs/complete(_:by:)``.
    public func complete(_ job: ProcessedJobID, by claim: UUID) async throws -> Bool {
        let rows = try await repeatingWhenUnknown {
            try await client.execute(Self.complete, job.consumer, job.job, claim)
        }
        return try rows[0].decode(Bool.self)
    }

    /// See ``/EventSourcing/ProcessedJobs/abandon(_:by:)``.
    public func abandon(_ job: ProcessedJobID, by claim: UUID) async throws {
        _ = try await repeatingWhenUnknown {
            try await client.execute(Self.abandon, job.consumer, job.job, claim)
        }
    }

    /// See ``/EventSourcing/ProcessedJobs/purge(olderThan:)``.
    public func purge(olderThan age: Duration) async throws -> Int {
        var total = 0
        while true {
            let rows = try await client.execute(Self.purge, age.wholeMilliseconds, Self.purgeStep)
            let count = try rows[0].decode(Int64.self)
            total += Int(count)
            if count < Self.purgeStep { return total }
        }
    }

    /// Records a job as processed in the transaction of its effect: both are committed, or neither. A second transaction on the
    /// same job waits until the first has ended.
    ///
    /// - Returns: false when the job was processed before. The effect has to be left out then.
    /// - Throws: ``/EventSourcing/JobInProgress`` when an attempt outside of a transaction has claimed it; `PostgresError`.
    public static func record(
        _ job: ProcessedJobID, in transaction: borrowing PostgresTransaction
    ) async throws -> Bool {
        let rows = try await transaction.execute(claim, job.consumer, job.job, UUID.v7(), Int64?.none)
        switch try outcome(rows) {
        case .new: return true
        case .done: return false
        case .inProgress: throw JobInProgress(job)
        }
    }

    private static func outcome(_ rows: PostgresRows) throws -> JobClaimOutcome {
        let text = try rows[0].decode(String.self)
        guard let outcome = JobClaimOutcome(rawValue: text) else { throw UnknownClaimOutcome(text: text) }
        return outcome
    }

    private struct UnknownClaimOutcome: Error { let text: String }

    /// $1 consumer, $2 job, $3 claim, $4 how many ms the claim lasts; null completes the job
    private static let claim = PostgresStatement("select event_store.claim_job($1, $2, $3, $4)")

    /// $1 consumer, $2 job, $3 claim
    private static let complete = PostgresStatement("select event_store.complete_job($1, $2, $3)")

    /// $1 consumer, $2 job, $3 claim
    private static let abandon = PostgresStatement("select event_store.abandon_job($1, $2, $3)")

    /// $1 age in ms, $2 the most jobs to forget
    private static let purge = PostgresStatement("select event_store.purge_processed_jobs($1, $2)")
}
