import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresWebhookStoreTests {
    @Test(arguments: WebhookStoreContract.clauses)
    func `webhooks in PostgreSQL keep the contract`(_ clause: WebhookStoreContract.Clause) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await clause.check(
                    PostgresWebhookStore(service), subscriptions: PostgresSubscriptionStore(service),
                    on: PostgresEventStore(service, appended: PositionSignal()))
            }
        }
    }

    @Test func `neither role reads a secret from the table`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let secret = WebhookSecret.random()
            let endpoint = WebhookEndpoint(
                id: .v7(), tenant: try TenantID("acme"), url: try WebhookURL("https://example.com/"), secret: secret,
                createdAt: Date())
            for role in [PostgresEventStore.serviceRole, PostgresEventStoreAdministration.role] {
                try await withClient(configure: { $0.role = role }) { client in
                    await #expect(throws: PostgresError.self) {
                        try await client.query("select secret from event_store.webhooks")
                    }
                }
            }
            try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { client in
                try await PostgresWebhookStore(client).create(endpoint)
                #expect(try await client.query("select id, url from event_store.webhooks").count == 1)
                #expect(
                    try await PostgresWebhookStore(client).webhook(endpoint.id, of: endpoint.tenant)?.secrets.current
                        == secret)
            }
        }
    }
}
