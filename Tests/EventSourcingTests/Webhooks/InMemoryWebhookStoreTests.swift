import EventSourcing
import EventSourcingTesting
import Testing

@Suite struct InMemoryWebhookStoreTests {
    @Test(arguments: WebhookStoreContract.clauses)
    func `webhooks in memory keep the contract`(_ clause: WebhookStoreContract.Clause) async throws {
        let events = InMemoryEventStore()
        let subscriptions = InMemorySubscriptionStore(on: events)
        try await clause.check(
            InMemoryWebhookStore(subscriptions, on: events), subscriptions: subscriptions, on: events)
    }
}
