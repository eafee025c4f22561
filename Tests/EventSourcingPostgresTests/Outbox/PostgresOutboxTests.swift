import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresOutboxTests {
    @Test(arguments: OutboxContract.clauses)
    func `the outbox in PostgreSQL keeps the contract`(_ clause: OutboxContract.Clause) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let events = PostgresEventStore(owner, appended: PositionSignal())
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { administrator in
                    try await clause.check(
                        on: events, PostgresSubscriptionStore(service),
                        administration: PostgresSubscriptionAdministration(administrator))
                }
            }
        }
    }
}
