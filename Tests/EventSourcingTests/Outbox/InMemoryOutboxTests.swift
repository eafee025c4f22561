import EventSourcing
import EventSourcingTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct InMemoryOutboxTests {
    @Test(arguments: OutboxContract.clauses)
    func `the outbox in memory keeps the contract`(_ clause: OutboxContract.Clause) async throws {
        let events = InMemoryEventStore()
        let store = InMemorySubscriptionStore(on: events)
        try await clause.check(on: events, store, administration: store)
    }
}
