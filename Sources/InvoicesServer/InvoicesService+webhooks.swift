import EventSourcing
import EventSourcingPostgres
import InvoicesPresentation
import LibPQ
import ServiceLifecycle
import Webhooks

extension InvoicesService {
    /// What the API of webhooks works on, and what runs to send events to them.
    func webhooks(
        on databases: Databases, appended: PositionSignal, tail: LogTail?
    ) -> (ports: WebhookPorts, services: [any Service]) {
        let settings = configuration.webhooks
        let ports = WebhookPorts(
            store: PostgresWebhookStore(databases.eventStore.client), tester: WebhookSender(settings),
            policy: settings.policy)
        guard configuration.queues.runsRelays else { return (ports, []) }
        // Exchanges of a group wait for each other; appends do not wait with them.
        let client = databases.eventStore.makeClient()
        let relays = WebhookRelays(
            PostgresWebhookStore(client), subscriptions: PostgresSubscriptionStore(client, tail: tail),
            appended: appended, configuration: settings, logger: logger)
        return (ports, [client, relays])
    }
}
