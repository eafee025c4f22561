import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresSubscriptionStoreTests {
    @Test(arguments: SubscriptionStoreContract.clauses)
    func `subscriptions in PostgreSQL keep the contract`(_ clause: SubscriptionStoreContract.Clause) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let events = PostgresEventStore(owner, appended: PositionSignal())
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await withClient(configure: { $0.role = PostgresEventStoreAdministration.role }) { administrator in
                    try await clause.check(
                        PostgresSubscriptionStore(service),
                        administration: PostgresSubscriptionAdministration(administrator), on: events)
                }
            }
        }
    }

    @Test(arguments: 1...4)
    func `with connections that end at random, every event is handled, in the order of its stream`(
        _ seed: UInt64
    ) async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let events = PostgresEventStore(owner, appended: PositionSignal())
            try await withClient(configure: Self.service) { first in
                try await withClient(configure: Self.service) { second in
                    try await withThrowingTaskGroup { group in
                        group.addTask { try await Self.endConnections(seed: seed) }
                        try await SubscriptionHistory(seed: seed).run(
                            on: [PostgresSubscriptionStore(first), PostgresSubscriptionStore(second)],
                            administration: PostgresSubscriptionAdministration(owner), events: events)
                        group.cancelAll()
                    }
                }
            }
        }
    }

    private static func service(_ configuration: inout PostgresConfiguration) {
        configuration.role = PostgresEventStore.serviceRole
        configuration.applicationName = "consumers"
    }

    /// Ends a connection of the consumers now and then, until it is cancelled.
    private static func endConnections(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        try await TestDatabase.current.withClient { client in
            while !Task.isCancelled {
                _ = try? await client.execute(
                    PostgresStatement(
                        """
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = current_database() and application_name = 'consumers' order by random() limit 1
                        """))
                try? await Task.sleep(for: .milliseconds(Int.random(in: 10...60, using: &random)))
            }
        }
    }
}
