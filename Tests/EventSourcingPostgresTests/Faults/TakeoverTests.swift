import AppendWorkload
import EventSourcing
import EventSourcingPostgres
import Glibc
import LibPQ
import PostgresTesting
import Testing

/// Three processes own the partitions of two projections. One that owns some is killed, stopped or cut off.
@Suite(.timeLimit(.minutes(5)), .serialized) struct TakeoverTests {
    private enum Strike: CaseIterable {
        case kill
        /// It is stopped while a commit of its is under way, which needs it no more.
        case stopInCommit
        /// It is stopped, and its sessions are ended; it finds out when it goes on.
        case stopAndCut
    }

    @Test func `others take over within seconds, and an owner that comes back does no harm`() async throws {
        let seed = Seeds.make(1)[0]
        var random = SplitMix64(seed: seed)
        let strikes = Strike.allCases.shuffled(using: &random) + Strike.allCases.shuffled(using: &random)
        try await ProjectionStage.running { stage in
            try await Workers.running(3, doing: "project", from: stage.events, to: stage.rows) { workers in
                for (round, strike) in strikes.enumerated() {
                    let comment: Comment = "TEST_SEED=\(seed), round \(round), \(strike)"
                    let start = try await stage.store.head()
                    try await Writing.run(seed: seed, round: round, on: stage.store, pace: .milliseconds(50)) {
                        let owner = try await owner(in: stage)
                        try await perform(strike, on: owner, stage, workers)
                        try await expectTakeover(from: owner, in: stage, comment)
                        if strike != .kill { try workers.send(SIGCONT, to: owner) }
                    }
                    try await stage.audit.checkAtRest(comment, round: round, after: start)
                }
                try await stage.audit.check("TEST_SEED=\(seed), at the end")
            }
        }
    }

    private func perform(_ strike: Strike, on owner: String, _ stage: ProjectionStage, _ workers: Workers) async throws
    {
        switch strike {
        case .kill: try workers.send(SIGKILL, to: owner)
        case .stopInCommit:
            while try await stage.count(Self.sleeping, owner) == 0 { await Task.yield() }
            try workers.send(SIGSTOP, to: owner)
            while try await stage.count(Self.busy, owner) > 0 { await Task.yield() }
            #expect(try await stage.count(Self.inTransaction, owner) == 0)
        case .stopAndCut:
            try workers.send(SIGSTOP, to: owner)
            _ = try await stage.rowClient.query(Self.endSessions, owner)
        }
    }

    /// Waits until others own everything and have applied what was in the log when the owner was struck.
    private func expectTakeover(from owner: String, in stage: ProjectionStage, _ comment: Comment) async throws {
        let start = ContinuousClock.now
        let head = try await stage.store.head()
        var takeover: Duration?
        var isApplied = false
        while !isApplied, ContinuousClock.now - start < .seconds(15) {
            if takeover == nil, try await stage.count(Self.ownedByOthers, owner) == 4 {
                takeover = ContinuousClock.now - start
            }
            if takeover != nil { isApplied = try await stage.audit.position() > head }
            try await Task.sleep(for: .milliseconds(10))
        }
        print("\(comment): owned by others after \(takeover, default: "-"), applied after", ContinuousClock.now - start)
        #expect(isApplied, comment)
    }

    /// The owner of the slow projection, once everything is owned.
    private func owner(in stage: ProjectionStage) async throws -> String {
        while try await stage.count(Self.ownedByOthers, "") < 4 { try await Task.sleep(for: .milliseconds(10)) }
        return try await stage.rowClient.query(Self.owner)[0].decode(String.self)
    }

    private static let owner = PostgresStatement("select owner from owners where resource = 'projection/slow/0'")

    /// $1 a process. Rows outlive their sessions: a lock makes them true.
    private static let ownedByOthers = PostgresStatement(
        """
        select count(*) from owners o join pg_locks l
            on l.pid = o.backend_pid and l.granted and l.locktype = 'advisory'
               and l.classid::bigint << 32 | l.objid::bigint = o.lock_key
        where o.owner <> $1
        """)

    /// $1 a process
    private static let sleeping = PostgresStatement(
        "select count(*) from pg_stat_activity where application_name = $1 and wait_event = 'PgSleep'")

    /// $1 a process
    private static let busy = PostgresStatement(
        "select count(*) from pg_stat_activity where application_name = $1 and state = 'active'")

    /// $1 a process
    private static let inTransaction = PostgresStatement(
        "select count(*) from pg_stat_activity where application_name = $1 and state = 'idle in transaction'")

    /// $1 a process
    private static let endSessions = PostgresStatement(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1")
}

extension ProjectionStage {
    fileprivate func count(_ statement: PostgresStatement, _ process: String) async throws -> Int64 {
        try await rowClient.query(statement, process)[0].decode(Int64.self)
    }
}
