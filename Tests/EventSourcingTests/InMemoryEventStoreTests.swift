import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct InMemoryEventStoreTests {
    @Test(.timeLimit(.minutes(5)), arguments: EventStoreContract.clauses)
    func `the store in memory keeps the contract`(_ clause: EventStoreContract.Clause) async throws {
        try await clause.check(InMemoryEventStore())
    }
}
