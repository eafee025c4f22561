import EventSourcing
import EventSourcingTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct InMemoryOwnershipTests {
    @Test(arguments: OwnershipContract.clauses)
    func `ownership in memory keeps the contract`(_ clause: OwnershipContract.Clause) async throws {
        let ownership = InMemoryOwnership()
        try await clause.check(ownership, ownership) { ownership.revoke($0) }
    }
}
