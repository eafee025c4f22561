import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresSnapshotStoreTests {
    @Test(arguments: SnapshotStoreContract.clauses)
    func `snapshots in PostgreSQL keep the contract`(_ clause: SnapshotStoreContract.Clause) async throws {
        try await withDatabase(migrations: "event_store") { _ in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { service in
                try await clause.check(PostgresSnapshotStore(service))
            }
        }
    }

    @Test func `a redaction takes the stream's snapshot with it`() async throws {
        try await withDatabase(migrations: "event_store") { owner in
            let store = PostgresEventStore(owner, appended: PositionSignal())
            let snapshots = PostgresSnapshotStore(owner)
            let stream = try StreamName("tests.thing.v1-core-1")
            let event = try NewEvent(
                id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: []),
                metadata: EventPayload(bytes: []))
            let commit = try await store.append([event], to: stream, expecting: .noStream)
            try await snapshots.save(
                Snapshot(
                    stream: stream, schema: 1, revision: commit.revision, position: commit.position, eventID: event.id,
                    state: EventPayload(bytes: []), takenAt: .now))
            let context = MessageContext(tenant: stream.tenant, correlationID: "c", source: "tests", now: .now)
            _ = try await PostgresEventStoreAdministration(owner)
                .redact(.first, of: stream, reason: "asked for", in: context)
            #expect(try await snapshots.latest(of: stream) == nil)
        }
    }
}
