import EventSourcing
import LibPQ
import PostgresTesting
import Testing

/// What the projections of `LogWorker` have made of a log, compared with what they should have.
struct CountAudit {
    static let projections = ["counts", "slow"]

    /// What was applied of a stream.
    fileprivate struct Count: Hashable {
        var count: Int64 = 0
        var positions: Int64 = 0
        var lastRevision: Int64 = -1
        var misplaced: Int64 = 0
    }

    let store: any EventStore
    let readDatabase: PostgresClient

    static func prepare(_ readDatabase: PostgresClient) async throws {
        try await readDatabase.migrate("read_db")
        for projection in projections {
            try await readDatabase.withConnection {
                try await $0.script(
                    """
                    create table \(projection) (stream text primary key, count bigint, positions bigint,
                        last_revision bigint, misplaced bigint)
                    """)
            }
        }
        // One of them takes its time in the middle of the transaction.
        try await readDatabase.withConnection {
            try await $0.script(
                """
                create function pause() returns trigger language plpgsql as
                    $$ begin perform pg_sleep(0.03); return null; end $$;
                create trigger pause before insert on slow for each statement execute function pause();
                """)
        }
    }

    /// Expects that each partition's rows hold every event up to its checkpoint once and in order, and no other.
    ///
    /// - Parameters:
    ///   - round: only its streams are looked at; nil for all.
    ///   - start: where the round began.
    /// - Returns: the lowest checkpoint.
    @discardableResult
    func check(_ comment: Comment, round: Int? = nil, after start: Position = .start) async throws -> Position {
        var lowest = Position(.max)
        for projection in Self.projections {
            let (checkpoints, rows) = try await persisting { try await snapshot(of: projection, round) }
            guard !checkpoints.isEmpty else { return .start }
            var expected: [String: Count] = [:]
            let partitioning = Partitioning(checkpoints.count)
            for try await event in store.log(after: start, pageSize: 2_000) {
                guard event.position <= checkpoints[partitioning.partition(of: event.stream)] else { continue }
                expected[event.stream.rawValue, default: Count()].add(event)
            }
            let different = Set(expected.keys).union(rows.keys).filter { expected[$0] != rows[$0] }
            let examples = different.prefix(3).map { stream in
                "\(stream): \(rows[stream].map { "\($0)" } ?? "none"), not \(expected[stream].map { "\($0)" } ?? "none")"
            }
            #expect(different.isEmpty, "\(comment), \(projection) at \(checkpoints): \(examples)")
            lowest = min(lowest, checkpoints.min() ?? .start)
        }
        return lowest
    }

    /// Waits until both projections are at the head of a log that has come to rest, and checks them there.
    func checkAtRest(_ comment: Comment, round: Int, after start: Position) async throws {
        let head = try await store.head()
        let began = ContinuousClock.now
        while try await position() < head, ContinuousClock.now - began < .seconds(60) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let reached = try await check(comment, round: round, after: start)
        #expect(reached == head, comment)
    }

    /// The lowest checkpoint of all.
    func position() async throws -> Position {
        try await persisting {
            let row = try await readDatabase.query(Self.lowest)[0]
            return Position(try row.decode(Int64?.self) ?? 0)
        }
    }

    private func snapshot(
        of projection: String, _ round: Int?
    ) async throws -> (checkpoints: [Position], rows: [String: Count]) {
        try await readDatabase.transaction(isolation: .repeatableRead, isReadOnly: true) { transaction in
            let checkpoints = try await transaction.query(Self.checkpoints, projection)
                .map { Position(try $0.decode(Int64.self)) }
            let streams = round.map { "%-t-\($0).%" } ?? "%"
            let select = PostgresStatement("select * from \(projection) where stream like $1")
            let rows = try await transaction.query(select, streams).map { row in
                let (stream, count, positions, last, misplaced) = try row.decode(
                    String.self, Int64.self, Int64.self, Int64.self, Int64.self)
                return (
                    stream, Count(count: count, positions: positions, lastRevision: last, misplaced: misplaced)
                )
            }
            return (checkpoints, Dictionary(uniqueKeysWithValues: rows))
        }
    }

    /// The database may have been killed a moment ago.
    private func persisting<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        while true {
            do { return try await body() } catch let error as PostgresError
                where error.isTransient || error.code == .outcomeUnknown
            {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// $1 projection
    private static let checkpoints = PostgresStatement(
        "select position from checkpoints where projection = $1 order by partition")

    /// No row is written before its projection has begun.
    private static let lowest = PostgresStatement(
        "select case when count(*) = 4 then min(position) end from checkpoints")
}

extension CountAudit.Count {
    fileprivate mutating func add(_ event: RecordedEvent) {
        count += 1
        positions += event.position.rawValue
        lastRevision = event.revision.rawValue
    }
}
