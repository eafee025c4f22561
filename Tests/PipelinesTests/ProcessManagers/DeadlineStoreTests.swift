import EventSourcingPostgres
import EventSourcingTesting
import LibPQ
import Pipelines
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct InMemoryDeadlineStoreTests {
    @Test(arguments: DeadlineStoreContract.clauses)
    func `deadlines in memory keep the contract`(_ clause: DeadlineStoreContract.Clause) async throws {
        try await clause.check(InMemoryDeadlineStore())
    }
}

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresDeadlineStoreTests {
    @Test(arguments: DeadlineStoreContract.clauses)
    func `deadlines in PostgreSQL keep the contract`(_ clause: DeadlineStoreContract.Clause) async throws {
        try await withDatabase(migrations: "event_store") { _ in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await clause.check(PostgresDeadlineStore(service))
            }
        }
    }
}
