import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresProjectionTests {
    private let events: [RecordedEvent]

    init() throws {
        events = try (1...6).map { number in
            let stream = try StreamName("tests.tally.v1-core-\(number % 2)")
            return RecordedEvent(
                position: Position(Int64(number)), stream: stream, revision: Revision(Int64(number / 2)), id: .v7(),
                type: try EventType("tests.tally.added.v1"), data: try EventPayload(encoding: Added(amount: number)),
                metadata: EventPayload(bytes: []), recordedAt: Date())
        }
    }

    private func withProjection(
        _ body: (PostgresProjection<Tallies, TallyTable>, PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { client in
            try await client.withConnection {
                try await $0.script("create table tallies (stream text primary key, total bigint not null)")
            }
            try await body(PostgresProjection("tallies", Tallies(), table: TallyTable(), in: client), client)
        }
    }

    private func totals(_ client: PostgresClient) async throws -> [String: Int64] {
        let rows = try await client.query(PostgresStatement("select stream, total from tallies"))
        return Dictionary(uniqueKeysWithValues: try rows.map { try $0.decode(String.self, Int64.self) })
    }

    @Test func `batches are folded into rows, and the checkpoint moves with them`() async throws {
        try await withProjection { projection, client async throws in
            #expect(try await projection.checkpoint() == .start)
            try await projection.apply(Array(events[..<3]), from: .start, to: Position(3))
            try await projection.apply(Array(events[3...]), from: Position(3), to: Position(6))
            #expect(try await projection.checkpoint() == Position(6))
            #expect(try await totals(client) == ["tests.tally.v1-core-0": 12, "tests.tally.v1-core-1": 9])
        }
    }

    @Test func `a batch that was applied is not applied again`() async throws {
        try await withProjection { projection, client async throws in
            try await projection.apply(events, from: .start, to: Position(6))
            await #expect(throws: CheckpointMoved(projection: "tallies", expected: .start)) {
                try await projection.apply(events, from: .start, to: Position(6))
            }
            #expect(try await totals(client) == ["tests.tally.v1-core-0": 12, "tests.tally.v1-core-1": 9])
        }
    }

    @Test func `of many owners that apply the same batch at once exactly one succeeds`() async throws {
        try await withProjection { projection, client async throws in
            let successes = await withTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask {
                        do {
                            try await projection.apply(events, from: .start, to: Position(6))
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

    @Test func `a batch that fails leaves rows and checkpoint as they were`() async throws {
        try await withProjection { projection, client async throws in
            try await client.withConnection {
                try await $0.script("alter table tallies add constraint small check (total < 10)")
            }
            try await projection.apply(Array(events[..<1]), from: .start, to: Position(1))
            await #expect {
                try await projection.apply(Array(events[1...]), from: Position(1), to: Position(6))
            } throws: {
                SQLState.checkViolation ~= $0
            }
            #expect(try await projection.checkpoint() == Position(1))
            #expect(try await totals(client) == ["tests.tally.v1-core-1": 1])
        }
    }

    @Test func `a row that the projection drops is deleted`() async throws {
        try await withProjection { projection, client async throws in
            try await projection.apply(Array(events[..<1]), from: .start, to: Position(1))
            let reset = RecordedEvent(
                position: Position(2), stream: events[0].stream, revision: Revision(1), id: .v7(),
                type: events[0].type, data: try EventPayload(encoding: Added(amount: -1)),
                metadata: EventPayload(bytes: []), recordedAt: Date())
            try await projection.apply([reset], from: Position(1), to: Position(2))
            #expect(try await totals(client).isEmpty)
        }
    }

    @Test func `events of other aggregates pass by, an unknown one of its own stops the projection`() async throws {
        try await withProjection { projection, _ in
            let foreign = try renamed(events[0], "tests.other.added.v1")
            try await projection.apply([foreign], from: .start, to: Position(1))
            let unknown = try renamed(events[1], "tests.tally.added.v9")
            await #expect(throws: UndecodableEvent.self) {
                try await projection.apply([unknown], from: Position(1), to: Position(2))
            }
            #expect(try await projection.checkpoint() == Position(1))
        }
    }

    private func renamed(_ event: RecordedEvent, _ type: String) throws -> RecordedEvent {
        RecordedEvent(
            position: event.position, stream: event.stream, revision: event.revision, id: event.id,
            type: try EventType(type), data: event.data, metadata: event.metadata, recordedAt: event.recordedAt)
    }
}
