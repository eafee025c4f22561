import EventSourcing
import EventSourcingPostgres
import FoundationEssentials

/// Appends: one event a transaction, by concurrent callers of the store, beside plain `INSERT`s of the same row by
/// pgbench, and beside `COPY` as the limit.
enum AppendWorkload {
    static func run(on bench: Bench) async throws -> Report {
        try await bench.withDatabase("append") { database in
            try await bench.run(SampleEvent.table("plain_events"), in: database)
            let copy = try await CopyIn(of: bench, in: database)
            return try await database.withStore { store in
                let contenders =
                    [1, 16, 64].flatMap { [plain($0, bench, database), newStreams($0, bench, store)] }
                    + [newStreams(256, bench, store)]
                    + [1, 16, 64, 256].map { existingStreams($0, bench, store) } + [copy.contender]
                return report(contenders, try await bench.rounds(contenders))
            }
        }
    }

    private static func report(_ contenders: [Contender], _ measurements: [String: Measurement]) -> Report {
        var report = Report("Append", unit: "events", contenders, measurements)
        report.compare("append-1", nameOfNew(1), to: nameOfPlain(1), reach: 0.6)
        let plain = [1, 16, 64].map(nameOfPlain).max { report.rate(of: $0) ?? 0 < report.rate(of: $1) ?? 0 }
        if let plain { report.compare("append-64", nameOfNew(64), to: plain, reach: 2) }
        return report
    }

    private static func nameOfPlain(_ clients: Int) -> String { "pgbench INSERT, \(clients) clients" }
    private static func nameOfNew(_ tasks: Int) -> String { "append, new streams, \(tasks) tasks" }

    private static func plain(_ clients: Int, _ bench: Bench, _ database: Database) -> Contender {
        Contender(nameOfPlain(clients)) {
            try await bench.pgbench(in: database).run(
                """
                insert into plain_events (\(SampleEvent.columns))
                values (\(SampleEvent.values(data: ":data", metadata: ":metadata")));
                """, variables: ["data": SampleEvent.data, "metadata": SampleEvent.metadata], clients: clients,
                seconds: bench.effort.seconds)
        }
    }

    static func newStreams(
        _ tasks: Int, _ bench: Bench, _ store: PostgresEventStore, ids: NewIDs = .random, name: String? = nil
    ) -> Contender {
        Contender(name ?? nameOfNew(tasks)) {
            try await ClosedLoop.run(
                (0..<tasks).map { _ in NewStreams(store: store, ids: ids) }, seconds: bench.effort.seconds)
        }
    }

    private static func existingStreams(_ tasks: Int, _ bench: Bench, _ store: PostgresEventStore) -> Contender {
        Contender("append, existing streams, \(tasks) tasks") {
            let workers = try (0..<tasks).map { _ in
                OwnStream(store: store, stream: try SampleEvent.stream(of: UUID()))
            }
            return try await ClosedLoop.run(workers, seconds: bench.effort.seconds)
        }
    }
}

/// How the ids of new streams and events are made.
enum NewIDs {
    /// Random ones, as those of pgbench's rows: each goes to another place of an index.
    case random
    /// Version 7, as the libraries make them: each follows the one before.
    case timeOrdered

    func make(_ random: inout Xorshift) -> UUID {
        switch self {
        case .random: random.uuid()
        case .timeOrdered: .v7(at: Date(), using: &random)
        }
    }
}

/// Begins a stream with every append.
private struct NewStreams: Worker {
    let store: PostgresEventStore
    let ids: NewIDs
    var random = Xorshift()

    mutating func work() async throws -> Int {
        let stream = try SampleEvent.stream(of: ids.make(&random))
        _ = try await store.append([SampleEvent.make(id: ids.make(&random))], to: stream, expecting: .noStream)
        return 1
    }
}

/// Appends to one stream, each time expecting the revision that the time before has ended at.
private struct OwnStream: Worker {
    let store: PostgresEventStore
    let stream: StreamName
    var expected = ExpectedRevision.noStream
    var random = Xorshift()

    mutating func work() async throws -> Int {
        let commit = try await store.append([SampleEvent.make(id: random.uuid())], to: stream, expecting: expected)
        expected = .exactly(commit.revision)
        return 1
    }
}
