import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import Foundation
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

    @Test func `a migration makes those that were to receive every event receive those of invoices`() async throws {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let file = repository.appending(path: "Migrations/event_store/0009_webhook_event_types.sql")
        try await withDatabase(migrations: "event_store") { owner in
            let (tenant, some) = (try TenantID("acme"), ["invoices.invoice.voided.v1"])
            let webhooks = try [["*"], ["*"] + some, some].map { patterns in
                WebhookEndpoint(
                    id: .v7(), tenant: tenant, url: try WebhookURL("https://example.com/"),
                    types: try WebhookEventTypes(patterns), secret: .random(), createdAt: Date())
            }
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                let (store, subscriptions) = (PostgresWebhookStore(service), PostgresSubscriptionStore(service))
                for webhook in webhooks { try await store.create(webhook) }
                try await owner.transaction { try await $0.script(String(contentsOf: file, encoding: .utf8)) }
                let found = try await store.webhooks(of: tenant, after: nil, limit: 9)
                #expect(found.map(\.types.patterns) == [["invoices.*"], ["invoices.*"], some])
                #expect(found.map(\.revision) == [Revision(1), Revision(1), .first])
                // The relay's registration finds the filter that it asks for.
                for webhook in found { try await subscriptions.register(webhook.subscription()) }
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
