import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ

/// Loads of an aggregate of 10 events, beside pgbench that selects the same rows; and what the wall between tenants,
/// functions in place of the table, costs.
enum LoadWorkload {
    private static let select = "select, pgbench, 16 clients"
    private static let load = "load and fold, 64 tasks"
    private static let unwalled = "the same by a select, 64 tasks"
    private static let read = "read through the functions, 64 tasks"
    private static let unwalledRead = "read by a select, 64 tasks"

    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("load") { database in
            try await bench.fill(database, events: bench.effort.streams * 10, perStream: 10)
            return try await database.withClient { owner in
                try await database.withStore { store in
                    let contenders = contenders(bench, database, store, owner)
                    var report = Report("Load", unit: "loads", contenders, try await bench.rounds(contenders))
                    report.compare("load", load, to: select, reach: 0.6)
                    report.compare("tenant-wall", load, to: unwalled, reach: 0.9)
                    return report
                }
            }
        }
    }

    private static func contenders(
        _ bench: Bench, _ database: Database, _ store: PostgresEventStore, _ owner: PostgresClient
    ) -> [Contender] {
        let streams = bench.effort.streams
        let aggregates = AggregateStore<SampleAggregate>(store)
        return [
            Contender(select) {
                try await bench.pgbench(in: database).run(
                    """
                    \\set n random(1, \(streams))
                    \(SelectStream.sql(stream: "'\(SampleEvent.streamPrefix)' || \(SampleEvent.entityID(":n"))"))
                    """, clients: 16, seconds: bench.effort.seconds)
            },
            closedLoop(load, bench) { stream in
                let loaded = try await aggregates.load(stream)
                guard loaded.state.events == 10 else { throw WrongAnswer() }
            },
            closedLoop(unwalled, bench) { stream in
                var state = SampleAggregate()
                for event in try await SelectStream.read(stream, with: owner) {
                    state.evolve(try SampleAggregate.Created(.created, from: event.data))
                }
                guard state.events == 10 else { throw WrongAnswer() }
            },
            closedLoop(read, bench) { stream in
                let events = try await store.read(stream, from: nil, .forwards, limit: 500)
                guard events.count == 10 else { throw WrongAnswer() }
            },
            closedLoop(unwalledRead, bench) { stream in
                let events = try await SelectStream.read(stream, with: owner)
                guard events.count == 10 else { throw WrongAnswer() }
            },
        ]
    }

    private static func closedLoop(
        _ name: String, _ bench: Bench, _ body: @escaping @Sendable (StreamName) async throws -> Void
    ) -> Contender {
        Contender(name) {
            let readers = (0..<64).map { _ in StreamReader(streams: bench.effort.streams, body: body) }
            return try await ClosedLoop.run(readers, seconds: bench.effort.seconds)
        }
    }
}

/// Reads one stream after another, drawn at random.
private struct StreamReader: Worker {
    let streams: Int
    let body: @Sendable (StreamName) async throws -> Void
    var random = Xorshift()

    mutating func work() async throws -> Int {
        try await body(SampleEvent.stream(Int.random(in: 1...streams, using: &random)))
        return 1
    }
}

/// What a store without functions would send: the same columns of the same rows, by the same client.
private enum SelectStream {
    static func sql(stream: String) -> String {
        """
        select position, revision, recorded_at, event_id, type, schema_version, data, metadata
        from event_store.events where tenant = '\(SampleEvent.tenant)' and stream = \(stream) order by revision;
        """
    }

    private static let statement = PostgresStatement(sql(stream: "$1"))

    static func read(_ stream: StreamName, with client: PostgresClient) async throws -> [RecordedEvent] {
        try await client.query(statement, stream.description).map { row in
            let (position, revision, recordedAt, id, type, schemaVersion, data, metadata) = try row.decode(
                Int64.self, Int64.self, Date.self, UUID.self, String.self, Int32.self, [UInt8].self, [UInt8].self)
            return RecordedEvent(
                position: Position(position), stream: stream, revision: Revision(revision), id: id,
                type: EventType(stored: type, schemaVersion: Int(schemaVersion)), data: EventPayload(bytes: data),
                metadata: EventPayload(bytes: metadata), recordedAt: recordedAt)
        }
    }
}

/// A contender did not do what it was asked for.
struct WrongAnswer: Error {}
