import EventSourcing
import EventSourcingTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct InMemoryProcessedJobsTests {
    @Test(arguments: ProcessedJobsContract.clauses)
    func `processed jobs in memory keep the contract`(_ clause: ProcessedJobsContract.Clause) async throws {
        try await clause.check(InMemoryProcessedJobs())
    }
}
