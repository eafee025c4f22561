import PostgresTesting
import Synchronization
import Testing

@testable import LibPQ

/// Thirty-two tasks work while backends of the client are ended at random.
@Suite(.database, .timeLimit(.minutes(5)))
struct `Under random losses` {
    private static let duration = Duration.seconds(8)
    private let pool = PostgresPoolConfiguration(
        readConnections: 2, writeConnections: 2, leasedConnections: 4, leaseTimeout: .seconds(60))

    /// What the writers know of their rows.
    private struct Tally {
        var written: Set<Int> = []
        var unknown: Set<Int> = []
        var failed: Set<Int> = []
        var answers = 0
    }

    @Test func `every request has its own answer, and the pool comes back to full strength`() async throws {
        try await withClient(pool: pool) {
            $0.applicationName = "soak"
        } _: { client in
            try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY, twin int8)")
            let end = ContinuousClock.now + Self.duration
            let losses = Counter()
            let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
                for task in 0..<32 {
                    group.addTask {
                        switch task % 4 {
                        case 0, 1: try await read(client, task, until: end)
                        case 2: try await write(client, task, until: end)
                        default: try await transact(client, task, until: end)
                        }
                    }
                }
                group.addTask {
                    try await withClient { assassin in
                        while ContinuousClock.now < end {
                            losses.add(try await assassin.execute(Self.endOne).count)
                            try await Task.sleep(for: .milliseconds(20))
                        }
                    }
                    return Tally()
                }
                return try await group.reduce(into: Tally()) { sum, part in
                    sum.written.formUnion(part.written)
                    sum.unknown.formUnion(part.unknown)
                    sum.failed.formUnion(part.failed)
                    sum.answers += part.answers
                }
            }
            #expect(losses.value > 20)
            #expect(tally.answers > 1000)
            #expect(tally.written.count > 100)

            let stored = try await client.query("SELECT id, twin FROM t").map { try $0.decode(Int.self, Int.self) }
            let ids = Set(stored.map(\.0))
            #expect(stored.allSatisfy { $0 == $1 })
            #expect(ids.isSuperset(of: tally.written))
            #expect(ids.isSubset(of: tally.written.union(tally.unknown)))
            #expect(ids.isDisjoint(with: tally.failed))
            try await expectFullStrength(of: client)
        }
    }

    private static let endOne: PostgresStatement = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'soak' ORDER BY random() LIMIT 1
        """
    private static let echo: PostgresStatement = "SELECT $1::int8, $2::int8"
    private static let insert: PostgresStatement = "INSERT INTO t VALUES ($1, $1)"
    private static let half: PostgresStatement = "INSERT INTO t VALUES ($1, 0)"
    private static let complete: PostgresStatement = "UPDATE t SET twin = $1 WHERE id = $1"

    private func read(_ client: PostgresClient, _ task: Int, until end: ContinuousClock.Instant) async throws -> Tally {
        var tally = Tally()
        while ContinuousClock.now < end {
            tally.answers += 1
            do {
                let row = try #require(try await client.query(Self.echo, task, tally.answers).first)
                let answer = try row.decode(Int.self, Int.self)
                #expect(answer == (task, tally.answers), "an answer to another question")
            } catch let error as PostgresError where error.code == .connectionLost {
                // Lost three times in a row, which is typed, and rare.
            }
        }
        return tally
    }

    private func write(_ client: PostgresClient, _ task: Int, until end: ContinuousClock.Instant) async throws -> Tally
    {
        try await count(task, until: end) { id in
            let rows = try await client.execute(Self.insert, id)
            #expect(rows.affectedRows == 1)
        }
    }

    private func transact(
        _ client: PostgresClient, _ task: Int, until end: ContinuousClock.Instant
    ) async throws -> Tally {
        try await count(task, until: end) { id in
            try await client.transaction { transaction in
                try await transaction.execute(Self.half, id)
                let rows = try await transaction.execute(Self.complete, id)
                #expect(rows.affectedRows == 1)
            }
        }
    }

    private func count(
        _ task: Int, until end: ContinuousClock.Instant, _ body: (Int) async throws -> Void
    ) async throws -> Tally {
        var tally = Tally()
        while ContinuousClock.now < end {
            tally.answers += 1
            let id = task * 10_000_000 + tally.answers
            do {
                try await body(id)
                tally.written.insert(id)
            } catch let error as PostgresError where error.code == .outcomeUnknown {
                tally.unknown.insert(id)
            } catch let error as PostgresError where error.code == .connectionLost {
                tally.failed.insert(id)
            }
        }
        return tally
    }

    /// All leases can be lent at once, none is lost, and the server knows of no connection beyond the limits.
    private func expectFullStrength(of client: PostgresClient) async throws {
        let lent = Counter()
        try await withThrowingTaskGroup { group in
            for _ in 0..<pool.leasedConnections {
                group.addTask {
                    try await client.withConnection { connection in
                        try await connection.execute("SELECT 1")
                        lent.add(1)
                        try await until { lent.value == pool.leasedConnections }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await client.expectAlive()
        let leases = client.mailbox.state.withLock { ($0.leases.lentCount, $0.leases.freeCount, $0.leases.waiterCount) }
        #expect(leases == (0, pool.leasedConnections, 0))
        let count: PostgresStatement = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'soak'"
        let limit = pool.readConnections + pool.writeConnections + pool.leasedConnections
        try await withClient { observer in
            try await until { try await observer.value(Int.self, count) <= limit }
        }
        await client.close()
        try await withClient { observer in
            try await until { try await observer.value(Int.self, count) == 0 }
        }
    }
}
