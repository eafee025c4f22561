import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresProjectionTests {
    private let events: [RecordedEvent]
    private let incarnation = UUID()

    init() throws {
        events = try (1...6).map { number in
            let stream = try StreamName("tests.tally.v1-core-\(number % 2)")
            return RecordedEvent(
                position: Position(Int64(number)), stream: stream, revision: Revision(Int64(number / 2)), id: .v7(),
                type: try EventType("tests.tally.added.v1"), data: try EventPayload(encoding: Added(amount: number)),
                metadata: EventPayload(bytes: []), recordedAt: Date())
        }
    }

    private func totals(_ client: PostgresClient) async throws -> [String: Int64] {
        let rows = try await client.query(PostgresStatement("select stream, total from tallies"))
        return Dictionary(uniqueKeysWithValues: try rows.map { try $0.decode(String.self, Int64.self) })
    }

    /// Applies events as an owner does that has just loaded the partition.
    private func apply(_ events: [RecordedEvent], to projection: PostgresProjection) async throws {
        let version = try await projection.load(0, of: Partitioning(1)).version
        try await projection.commit(commit(events, at: version))
    }

    private func commit(_ events: [RecordedEvent], at version: Int64) -> ProjectionCommit {
        let last = Checkpoint(incarnation: incarnation, position: events.last!.position, eventID: events.last!.id)
        return ProjectionCommit(
            partition: 0, version: version, nextVersion: version + 1, checkpoint: last, applied: events)
    }

    @Test(arguments: ProjectionTargetContract.clauses)
    func `a projection in PostgreSQL keeps the contract`(_ clause: ProjectionTargetContract.Clause) async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.withConnection {
                try await $0.script("create table tallies (stream text primary key, total bigint not null)")
            }
            let projection = PostgresProjection(
                "contract", [PostgresRowReadModel(ContractTotals(), table: tallyTable())], in: client)
            try await clause.check(projection, administration: PostgresProjectionAdministration(client)) { stream in
                try await client.query(PostgresStatement("select total from tallies where stream = $1"), stream)
                    .first?.decode(Int64.self)
            }
        }
    }

    @Test func `batches are folded into rows, and the checkpoint moves with them`() async throws {
        try await withTallies { projection, client async throws in
            #expect(try await projection.load(0, of: Partitioning(1)).checkpoint == .start)
            try await apply(Array(events[..<3]), to: projection)
            try await apply(Array(events[3...]), to: projection)
            let state = try await projection.load(0, of: Partitioning(1))
            #expect(
                state.checkpoint
                    == Checkpoint(incarnation: incarnation, position: Position(6), eventID: events[5].id))
            #expect(state.version == 2)
            #expect(try await projection.layout().position == Position(6))
            #expect(try await totals(client) == ["tests.tally.v1-core-0": 12, "tests.tally.v1-core-1": 9])
        }
    }

    @Test func `of many owners that apply the same batch at once exactly one succeeds`() async throws {
        try await withTallies { projection, client async throws in
            let successes = await withTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask {
                        do {
                            try await projection.commit(commit(events, at: 0))
                            return 1
                        } catch is CheckpointMoved {
                            return 0
                        } catch {
                            Issue.record(error)
                            return 0
                        }
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(successes == 1)
            #expect(try await totals(client).values.sorted() == [9, 12])
        }
    }

    @Test func `a batch that fails leaves rows and checkpoint as they were, and is poison`() async throws {
        try await withTallies { projection, client async throws in
            try await client.withConnection {
                try await $0.script("alter table tallies add constraint small check (total < 10)")
            }
            try await apply(Array(events[..<1]), to: projection)
            await #expect {
                try await apply(Array(events[1...]), to: projection)
            } throws: {
                SQLState.checkViolation ~= $0 && ($0 as? any CategorizedError)?.category == .poison
            }
            #expect(try await projection.load(0, of: Partitioning(1)).checkpoint.position == Position(1))
            #expect(try await totals(client) == ["tests.tally.v1-core-1": 1])
        }
    }

    @Test func `a row that the projection drops is deleted`() async throws {
        try await withTallies { projection, client async throws in
            try await apply(Array(events[..<1]), to: projection)
            let reset = RecordedEvent(
                position: Position(2), stream: events[0].stream, revision: Revision(1), id: .v7(),
                type: events[0].type, data: try EventPayload(encoding: Added(amount: -1)),
                metadata: EventPayload(bytes: []), recordedAt: Date())
            try await apply([reset], to: projection)
            #expect(try await totals(client).isEmpty)
        }
    }

    @Test func `events of other aggregates pass by, an unknown one of its own is poison`() async throws {
        try await withTallies { projection, _ async throws in
            try await apply([try renamed(events[0], "tests.other.added.v1")], to: projection)
            let unknown = try renamed(events[1], "tests.tally.added.v9")
            await #expect(throws: UndecodableEvent.self) { try await apply([unknown], to: projection) }
            #expect(try await projection.load(0, of: Partitioning(1)).checkpoint.position == Position(1))
        }
    }

    @Test func `several tables change in one transaction`() async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.withConnection {
                try await $0.script(
                    """
                    create table tallies (stream text primary key, total bigint not null);
                    create table tenants (stream text primary key, total bigint not null check (total < 20));
                    """)
            }
            let projection = PostgresProjection(
                "both",
                [
                    PostgresRowReadModel(Tallies(), table: tallyTable()),
                    PostgresRowReadModel(TenantTallies(), table: tallyTable("tenants")),
                ], in: client)
            _ = try await projection.layout()
            try await apply(Array(events[..<5]), to: projection)
            await #expect(throws: PostgresError.self) { try await apply(Array(events[5...]), to: projection) }
            #expect(try await totals(client) == ["tests.tally.v1-core-0": 6, "tests.tally.v1-core-1": 9])
            let tenants = try await client.query(PostgresStatement("select total from tenants"))
            #expect(try tenants.map { try $0.decode(Int64.self) } == [15])
        }
    }

    @Test func `rows of several streams keep a projection to one partition`() async throws {
        try await withDatabase(migrations: "read_db") { client in
            let projection = PostgresProjection(
                "tenants", [PostgresRowReadModel(TenantTallies(), table: tallyTable("tenants"))], partitions: 4,
                in: client)
            #expect(try await projection.layout().partitions == Partitioning(1))
            try await PostgresProjectionAdministration(client).setPartitions(of: "tenants", to: Partitioning(3))
            #expect(try await projection.layout().wanted == Partitioning(1))
        }
    }

    private func renamed(_ event: RecordedEvent, _ type: String) throws -> RecordedEvent {
        RecordedEvent(
            position: event.position, stream: event.stream, revision: event.revision, id: event.id,
            type: try EventType(type), data: event.data, metadata: event.metadata, recordedAt: event.recordedAt)
    }
}
