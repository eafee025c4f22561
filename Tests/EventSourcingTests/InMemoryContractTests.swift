import EventSourcing
import EventSourcingTesting
import Synchronization
import Testing

/// What is in memory keeps the promises of what is in a database.
@Suite(.timeLimit(.minutes(5))) struct InMemoryContractTests {
    @Test(arguments: ProjectionTargetContract.clauses)
    func `a projection in memory keeps the contract`(_ clause: ProjectionTargetContract.Clause) async throws {
        let target = InMemoryProjection("contract", ContractTotals(), partitions: Partitioning(1))
        try await clause.check(target, administration: target) { target.row($0) }
    }

    @Test(arguments: JobQueueContract.clauses)
    func `a queue in memory keeps the contract`(_ clause: JobQueueContract.Clause) async throws {
        let queue = InMemoryJobQueue()
        try await clause.check(queue) { queue.jobs }
    }

    @Test(arguments: IdempotentReceiverContract.clauses)
    func `a receiver that records its jobs in memory keeps the contract`(
        _ clause: IdempotentReceiverContract.Clause
    ) async throws {
        let processed = InMemoryProcessedJobs()
        let effects = Effects()
        try await clause.check { job, fail in
            _ = try await processed.once(job) {
                effects.add(job)
                try fail()
            }
        } effects: {
            effects.count($0)
        }
    }
}

private final class Effects: Sendable {
    private let counts = Mutex<[ProcessedJobID: Int]>([:])

    func add(_ job: ProcessedJobID) { counts.withLock { $0[job, default: 0] += 1 } }

    func count(_ job: ProcessedJobID) -> Int { counts.withLock { $0[job] ?? 0 } }
}
