import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Logging
import PostgresTesting
import Testing

/// What an administrator does when the event store, or a row, is not what it was.
@Suite(.database, .timeLimit(.minutes(5))) struct ProjectionHealingTests {
    private let events: [NewEvent]
    private let stream: StreamName

    init() throws {
        stream = try StreamName("tests.tally.v1-core-a")
        events = try (1...4).map { number in
            NewEvent(
                id: .v7(), type: try EventType("tests.tally.added.v1"),
                data: try EventPayload(encoding: Added(amount: number)), metadata: EventPayload(bytes: []))
        }
    }

    private func store(_ events: some Sequence<NewEvent>) async throws -> InMemoryEventStore {
        let store = InMemoryEventStore()
        for event in events { _ = try await store.append([event], to: stream, expecting: .any) }
        return store
    }

    /// A database whose projection has applied the whole store.
    private func withApplied(
        _ store: InMemoryEventStore, _ body: (PostgresProjection, PostgresClient) async throws -> Void
    ) async throws {
        try await withTallies { projection, client in
            try await run(projection, on: store, until: 4)
            try await body(projection, client)
        }
    }

    private func run(_ projection: PostgresProjection, on store: InMemoryEventStore, until position: Int64) async throws
    {
        let applied = PositionSignal()
        let runner = ProjectionRunner(
            reading: store, into: projection, appended: store.appended, applied: applied,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            while try await projection.load(0, of: Partitioning(1)).checkpoint.position < Position(position) {
                try await Task.sleep(for: .milliseconds(5))
            }
            group.cancelAll()
        }
    }

    private func total(_ client: PostgresClient) async throws -> Int64? {
        try await client.query("select total from tallies").first?.decode(Int64.self)
    }

    @Test func `a copy that has lost nothing is adopted, and each event stays applied once`() async throws {
        try await withApplied(try await store(events)) { projection, client async throws in
            let copy = try await store(events)
            let healing = PostgresProjectionHealing(reading: copy, in: client)
            let plan = try await healing.plan(for: "tallies")
            #expect(plan.cause?.reason == .storeReplaced)
            #expect(plan.remedy == .adopt)
            try await healing.heal(plan)
            #expect(try await healing.plan(for: "tallies").remedy == .none)
            await #expect(throws: CheckpointMoved.self) { try await healing.heal(plan) }
            _ = try await copy.append([events[0].renewed], to: stream, expecting: .any)
            try await run(projection, on: copy, until: 5)
            #expect(try await total(client) == 11)
        }
    }

    @Test func `rows that hold lost events are not healed but rebuilt`() async throws {
        try await withApplied(try await store(events)) { _, client async throws in
            let healing = PostgresProjectionHealing(reading: try await store(events[..<2]), in: client)
            let plan = try await healing.plan(for: "tallies", rowsBearRepetition: true)
            #expect(plan.remedy == .rebuild)
            await #expect(throws: ProjectionNeedsRebuild("tallies")) { try await healing.heal(plan) }
        }
    }

    @Test func `rows that bear repetition are rewound to the newest event that both logs share`() async throws {
        try await withApplied(try await store(events)) { projection, client async throws in
            try await client.execute(
                PostgresStatement(
                    """
                    insert into parked_events (projection, partition, position, tenant, stream, event_id, type)
                    values ('tallies', 0, 2, 'core', 'x', $1, 't'), ('tallies', 0, 3, 'core', 'x', $2, 't')
                    """), events[1].id, UUID())
            let healing = PostgresProjectionHealing(reading: try await store(events[..<3]), in: client)
            let plan = try await healing.plan(for: "tallies", rowsBearRepetition: true)
            #expect(plan.healed.map(\.position) == [Position(2)])
            try await healing.heal(plan)
            let state = try await projection.load(0, of: Partitioning(1))
            #expect(state.checkpoint.eventID == events[1].id)
            let parked = try await client.query("select position from parked_events")
            #expect(try parked.map { try $0.decode(Int64.self) } == [2])
        }
    }

    @Test func `a row that is not what its events say is found and mended`() async throws {
        let store = try await store(events)
        try await withApplied(store) { projection, client async throws in
            let rows = PostgresProjectedRows(
                of: "tallies", Tallies(), table: tallyTable(), reading: store, in: client)
            let key = stream.rawValue
            #expect(try await rows.getProjection(key) == 10)
            #expect(try await rows.hasProjection(key))
            for spoiling in ["update tallies set total = 7", "delete from tallies"] {
                try await client.execute(PostgresStatement(spoiling))
                #expect(try await !rows.hasProjection(key))
                #expect(try await rows.updateProjection(key))
                #expect(try await !rows.updateProjection(key))
                #expect(try await total(client) == 10)
            }
            // What the projection has not applied yet is no difference, and is not written ahead of it.
            _ = try await store.append([events[0].renewed], to: stream, expecting: .any)
            #expect(try await rows.getProjection(key) == 11)
            #expect(try await rows.hasProjection(key))
            try await run(projection, on: store, until: 5)
            #expect(try await total(client) == 11)
        }
    }
}

extension NewEvent {
    /// The same fact once more.
    fileprivate var renewed: NewEvent { NewEvent(id: .v7(), type: type, data: data, metadata: metadata) }
}
