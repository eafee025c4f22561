import EventSourcing
import EventSourcingTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct InMemorySubscriptionStoreTests {
    @Test(arguments: SubscriptionStoreContract.clauses)
    func `subscriptions in memory keep the contract`(_ clause: SubscriptionStoreContract.Clause) async throws {
        let events = InMemoryEventStore()
        let store = InMemorySubscriptionStore(on: events)
        try await clause.check(store, administration: store, on: events)
    }

    @Test(arguments: 1...20)
    func `whatever consumers do, every event is handled, in the order of its stream`(_ seed: UInt64) async throws {
        let events = InMemoryEventStore()
        let store = InMemorySubscriptionStore(on: events)
        try await SubscriptionHistory(seed: seed).run(on: [store], administration: store, events: events)
    }
}
