import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Synchronization
import Testing

/// What a commit sends, and what an owner remembers from one commit to the next.
@Suite(.database, .timeLimit(.minutes(5))) struct OneTripCommitTests {
    private let stream: StreamName

    init() throws { stream = try StreamName("tests.tally.v1-core-1") }

    private func event(_ position: Int64, _ amount: Int, isFirst: Bool = false) throws -> RecordedEvent {
        RecordedEvent(
            position: Position(position), stream: stream, revision: Revision(isFirst ? 0 : position), id: .v7(),
            type: try EventType("tests.tally.added.v1"), data: try EventPayload(encoding: Added(amount: amount)),
            metadata: EventPayload(bytes: []), recordedAt: Date())
    }

    private func commit(_ event: RecordedEvent, at version: Int64, to projection: PostgresProjection) async throws {
        let checkpoint = Checkpoint(incarnation: nil, position: event.position, eventID: event.id)
        try await projection.commit(
            ProjectionCommit(
                partition: 0, version: version, nextVersion: version + 1, checkpoint: checkpoint,
                applied: [event]))
    }

    private func total(_ client: PostgresClient) async throws -> Int64? {
        try await client.query("select total from tallies").first.map { try $0.decode(Int64.self) }
    }

    /// Changes the row as nobody may, without telling the partition: what the next commit makes of it shows whether it
    /// has read the row.
    private func spoil(_ client: PostgresClient) async throws {
        try await client.execute("update tallies set total = total + 1000")
    }

    @Test func `a commit is one trip and one transaction, and one more trip reads rows that are not remembered`()
        async throws
    {
        try await withTallies { projection, client async throws in
            var before = client.statistics
            func spent() -> PostgresStatistics {
                let now = client.statistics
                defer { before = now }
                return now - before
            }
            try await commit(event(1, 1, isFirst: true), at: 0, to: projection)
            #expect(spent().trips == 1)
            try await commit(event(2, 2), at: 1, to: projection)
            let second = spent()
            #expect(second.trips == 1 && second.transactions == 1 && second.statements == 2)
            _ = try await projection.load(0, of: Partitioning(1))
            _ = spent()
            try await commit(event(3, 3), at: 2, to: projection)
            #expect(spent().trips == 2)
            #expect(try await total(client) == 6)
        }
    }

    @Test func `rows of the last commit are remembered`() async throws {
        try await withTallies { projection, client async throws in
            try await commit(event(1, 1, isFirst: true), at: 0, to: projection)
            try await spoil(client)
            try await commit(event(2, 2), at: 1, to: projection)
            #expect(try await total(client) == 3)
            // That there is no row is remembered as well.
            try await commit(event(3, -3), at: 2, to: projection)
            #expect(try await total(client) == nil)
            try await client.execute(PostgresStatement("insert into tallies values ('\(stream)', 500)"))
            try await commit(event(4, 4), at: 3, to: projection)
            #expect(try await total(client) == 4)
        }
    }

    @Test func `an owner that starts over remembers nothing`() async throws {
        try await withTallies { projection, client async throws in
            try await commit(event(1, 1, isFirst: true), at: 0, to: projection)
            try await spoil(client)
            let version = try await projection.load(0, of: Partitioning(1)).version
            try await commit(event(2, 2), at: version, to: projection)
            #expect(try await total(client) == 1003)
        }
    }

    @Test func `after a commit that has failed nothing is remembered`() async throws {
        try await withTallies { projection, client async throws in
            try await commit(event(1, 1, isFirst: true), at: 0, to: projection)
            try await client.withConnection { try await $0.script("alter table tallies add check (total < 5000)") }
            await #expect(throws: PostgresError.self) { try await commit(event(2, 9_000), at: 1, to: projection) }
            try await spoil(client)
            try await commit(event(3, 2), at: 1, to: projection)
            #expect(try await total(client) == 1003)
        }
    }

    @Test func `rows that another owner has written are not taken for one's own`() async throws {
        try await withTallies { projection, client async throws in
            let elsewhere = PostgresProjection(
                "tallies", [PostgresRowReadModel(Tallies(), table: tallyTable())], in: client)
            try await commit(event(1, 1, isFirst: true), at: 0, to: projection)
            try await commit(event(2, 10), at: 1, to: elsewhere)
            // With the version that it has seen it is refused; with the one that is there it reads the rows.
            await #expect(throws: CheckpointMoved.self) { try await commit(event(2, 10), at: 1, to: projection) }
            try await commit(event(3, 100), at: 2, to: projection)
            #expect(try await total(client) == 111)
        }
    }

    @Test func `a row that is mended takes the owner's memory away`() async throws {
        let store = InMemoryEventStore()
        for amount in [1, 2] {
            let event = NewEvent(
                id: .v7(), type: try EventType("tests.tally.added.v1"),
                data: try EventPayload(encoding: Added(amount: amount)), metadata: EventPayload(bytes: []))
            _ = try await store.append([event], to: stream, expecting: .any)
        }
        let events = try await store.readLog(after: .start, .forwards, limit: 9)
        try await withTallies { projection, client async throws in
            try await commit(events[0], at: 0, to: projection)
            try await spoil(client)
            let rows = PostgresProjectedRows(
                of: "tallies", Tallies(), table: tallyTable(), reading: store, in: client)
            #expect(try await rows.updateProjection(stream.rawValue))
            await #expect(throws: CheckpointMoved.self) { try await commit(events[1], at: 1, to: projection) }
            let version = try await projection.load(0, of: Partitioning(1)).version
            #expect(version == 2)
            // A row that is well is only looked at.
            #expect(try await !rows.updateProjection(stream.rawValue))
            try await commit(events[1], at: version, to: projection)
            #expect(try await total(client) == 3)
        }
    }

    @Test func `rows of another version are not folded, nor written`() async throws {
        try await withTallies { projection, client async throws in
            try await commit(event(1, 1, isFirst: true), at: 0, to: projection)
            await #expect(throws: CheckpointMoved(projection: "tallies", partition: 0)) {
                try await commit(event(2, 2), at: 0, to: projection)
            }
            await #expect(throws: CheckpointMoved(projection: "tallies", partition: 0)) {
                try await commit(event(2, 2), at: 7, to: projection)
            }
            await #expect(throws: CheckpointMoved(projection: "tallies", partition: 0)) {
                try await commit(event(2, 2, isFirst: true), at: 7, to: projection)
            }
            #expect(try await total(client) == 1)
        }
    }

    @Test func `events are decoded once for all tables`() async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.withConnection {
                try await $0.script(
                    """
                    create table tallies (stream text primary key, total bigint not null);
                    create table tenants (stream text primary key, total bigint not null);
                    """)
            }
            let projection = PostgresProjection(
                "both",
                [
                    PostgresRowReadModel(Tallies(), table: tallyTable()),
                    PostgresRowReadModel(TenantTallies(), table: tallyTable("tenants")),
                ], in: client)
            _ = try await projection.layout()
            try await commit(event(1, 4711, isFirst: true), at: 0, to: projection)
            #expect(TallyEvent.decodings.withLock { $0[4711] } == 1)
            #expect(try await total(client) == 4711)
        }
    }
}
