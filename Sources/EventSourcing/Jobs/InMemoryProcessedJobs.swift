public import FoundationEssentials
import Synchronization

/// Processed jobs in memory, for tests and for a process that needs not remember them.
public final class InMemoryProcessedJobs: ProcessedJobs {
    private struct Entry {
        var claim: UUID
        /// When the claim expires, or when the job was completed, as the clock has it.
        var time: Duration
        var isComplete = false
    }

    private let entries = Mutex<[ProcessedJobID: Entry]>([:])

    private let clock: ServiceClock

    /// - Parameter clock: measures how long claims last.
    public init(clock: ServiceClock = .system) { self.clock = clock }

    /// See ``ProcessedJobs/begin(_:by:for:)``.
    public func begin(
        _ job: ProcessedJobID, by claim: UUID, for duration: Duration
    ) async throws -> JobClaimOutcome {
        entries.withLock { entries in
            let now = clock.elapsed()
            if let entry = entries[job] {
                if entry.isComplete { return .done }
                if entry.claim != claim, entry.time > now { return .inProgress }
            }
            entries[job] = Entry(claim: claim, time: now + duration)
            return .new
        }
    }

    /// See ``ProcessedJobs/complete(_:by:)``.
    public func complete(_ job: ProcessedJobID, by claim: UUID) async throws -> Bool {
        entries.withLock { entries in
            guard entries[job]?.claim == claim else { return false }
            if entries[job]?.isComplete == false {
                entries[job] = Entry(claim: claim, time: clock.elapsed(), isComplete: true)
            }
            return true
        }
    }

    /// See ``ProcessedJobs/abandon(_:by:)``.
    public func abandon(_ job: ProcessedJobID, by claim: UUID) async throws {
        entries.withLock { entries in
            if let entry = entries[job], entry.claim == claim, !entry.isComplete { entries[job] = nil }
        }
    }

    /// See ``ProcessedJobs/purge(olderThan:)``.
    public func purge(olderThan age: Duration) async throws -> Int {
        entries.withLock { entries in
            let (count, limit) = (entries.count, clock.elapsed() - age)
            entries = entries.filter { $0.value.time > limit }
            return count - entries.count
        }
    }
}
