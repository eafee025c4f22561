import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Logging
import PostgresTesting

/// A log, a projection of it in a database, and a runner where a test wants one.
struct RebuildStage {
    var store = InMemoryEventStore()
    let client: PostgresClient
    let projection: PostgresProjection
    /// The same on a client of its own, as in another process.
    let elsewhere: PostgresProjection

    /// Runs `body` on a stage whose projection has not begun.
    static func with(
        partitions: Int = 1, in database: TestDatabase? = nil, _ body: (RebuildStage) async throws -> Void
    ) async throws {
        let database = try database ?? .current
        try await database.withClient { client in
            try await client.migrate("read_db")
            try await client.withConnection {
                try await $0.script(
                    """
                    create table tallies (stream text primary key, total bigint not null);
                    create index greatest_first on tallies (total desc, stream) where total > 0;
                    """)
            }
            try await database.withClient(configure: { $0.idleInTransactionTimeout = .seconds(3) }) { other in
                let tables = [PostgresRowReadModel(Tallies(), table: tallyTable())]
                let projection = PostgresProjection("tallies", tables, partitions: partitions, in: client)
                _ = try await projection.layout()
                let elsewhere = PostgresProjection("tallies", tables, in: other)
                try await body(RebuildStage(client: client, projection: projection, elsewhere: elsewhere))
            }
        }
    }

    /// The same database over another log.
    func reading(_ store: InMemoryEventStore) -> RebuildStage {
        var stage = self
        stage.store = store
        return stage
    }

    /// Another store with the first events of this one.
    func copy(upTo count: Int) async throws -> InMemoryEventStore {
        let copy = InMemoryEventStore()
        for event in try await store.readLog(after: .start, .forwards, limit: count) {
            let again = NewEvent(id: event.id, type: event.type, data: event.data, metadata: event.metadata)
            _ = try await copy.append([again], to: event.stream, expecting: .any)
        }
        return copy
    }

    static let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    func rebuild(
        reading reader: (any EventReader)? = nil, of other: PostgresProjection? = nil
    )
        -> PostgresProjectionRebuild
    {
        PostgresProjectionRebuild(of: other ?? elsewhere, reading: reader ?? store, logger: Self.logger)
    }

    /// Appends one event to each of some streams, as often as is said.
    func add(_ rounds: Int, to entities: Int = 10) async throws {
        for round in 1...rounds {
            for entity in 0..<entities {
                let event = NewEvent(
                    id: .v7(), type: try EventType("tests.tally.added.v1"),
                    data: try EventPayload(encoding: Added(amount: round + entity)), metadata: EventPayload(bytes: []))
                _ = try await store.append(
                    [event], to: StreamName("tests.tally.v1-core-\(entity)"), expecting: .any)
            }
        }
    }

    /// Runs the projection while `body` runs.
    func running(_ body: () async throws -> Void) async throws {
        var configuration = ProjectionRunner.Configuration()
        configuration.pollInterval = .milliseconds(20)
        configuration.stoppedInterval = .milliseconds(20)
        let runner = ProjectionRunner(
            reading: store, into: projection, appended: store.appended, applied: PositionSignal(),
            configuration: configuration, logger: Self.logger)
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// Waits until the projection's checkpoints are at the head.
    func caughtUp() async throws {
        while try await projection.layout().position < store.head() { try await Task.sleep(for: .milliseconds(5)) }
    }

    func catchUp() async throws { try await running { try await caughtUp() } }

    /// The rows, in the schema that the projection uses or in another one.
    func totals(in schema: String = "public") async throws -> [String: Int64] {
        let rows = try await client.query(PostgresStatement("select stream, total from \"\(schema)\".tallies"))
        return Dictionary(uniqueKeysWithValues: try rows.map { try $0.decode(String.self, Int64.self) })
    }

    /// The rows as the log says.
    func folded() async throws -> [String: Int64] {
        let events = try await store.readLog(after: .start, .forwards, limit: .max)
        let decoded = try events.compactMap(Recorded<TallyEvent>.init)
        return try Tallies().fold(decoded, into: [:]).compactMapValues(\.self)
    }

    func script(_ sql: String) async throws { try await client.withConnection { try await $0.script(sql) } }

    /// What a query answers, as text.
    func texts(_ sql: String) async throws -> [String] {
        try await client.query(PostgresStatement(sql)).map { try $0.decode(String.self) }
    }

    /// The names of the indexes in a schema.
    func indexes(in schema: String = "public") async throws -> [String] {
        try await texts(
            "select indexname::text from pg_indexes where schemaname = '\(schema)' and tablename = 'tallies' order by 1"
        )
    }

    func schemas() async throws -> [String] {
        try await texts("select nspname::text from pg_namespace where nspname ~ '^(rebuild|previous)_' order by 1")
    }
}
