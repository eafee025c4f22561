import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct InMemoryEventStoreTests {
    @Test(.timeLimit(.minutes(5)), arguments: EventStoreContract.clauses)
    func `the store in memory keeps the contract`(_ clause: EventStoreContract.Clause) async throws {
        try await clause.check(InMemoryEventStore())
    }

    @Test(.timeLimit(.minutes(5)), arguments: EventStoreAdministrationContract.clauses)
    func `the administration in memory keeps the contract`(
        _ clause: EventStoreAdministrationContract.Clause
    ) async throws {
        let store = InMemoryEventStore()
        try await clause.check(store, store)
    }
}
