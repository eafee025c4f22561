import AppendWorkload
import EmbeddedPostgres
import EventSourcing
import EventSourcingPostgres
import Glibc
import LibPQ
import PostgresTesting
import Testing

/// Processes are killed while writers append; what the writers know must be what the log holds, after every round.
@Suite(.timeLimit(.minutes(5)), .serialized) struct FaultTests {
    @Test func `backends that are killed lose, repeat and tear nothing`() async throws {
        try await withStore { store, cluster, database in
            try await rounds(40, on: store) { round, random in
                let victims = try cluster.running.backends(of: database.name)
                guard !victims.isEmpty else { return }
                // Most die as by a crash, which takes all others along; the rest are asked to go.
                kill(random.pick(victims), round % 5 == 4 ? SIGTERM : SIGKILL)
            }
        }
    }

    @Test func `a server that is killed and started again has lost, repeated and torn nothing`() async throws {
        try await withStore { store, cluster, _ in
            try await rounds(8, on: store) { _, _ in
                try await cluster.crash()
            }
        }
    }

    @Test func `what a killed client was told is there, and what it was not told can be repeated`() async throws {
        let seed = Seeds.make(1)[0]
        try await withStore { store, cluster, database in
            var all = Ledger()
            for round in 0..<8 {
                let start = try await store.head()
                var ledger = try await ClientProcess.run(seed: seed, round: round, on: cluster.running, database.name)
                try #require(!ledger.acknowledged.isEmpty, "TEST_SEED=\(seed), round \(round)")
                try await ledger.audit(store, after: start, "TEST_SEED=\(seed), round \(round), unresolved")
                // A backend may still be at work for the client that is gone; the repetitions wait for it.
                try await ledger.resolve(on: store)
                try await ledger.audit(store, after: start, "TEST_SEED=\(seed), round \(round)")
                all.acknowledged += ledger.acknowledged
            }
            try await all.audit(store, after: .start, "TEST_SEED=\(seed), at the end")
        }
    }

    @Test func `an append whose repetition finds no server was not refused: nobody knows`() async throws {
        try await withStore(connectTimeout: .seconds(1)) { store, cluster, database in
            try await database.withClient { other in
                try await other.withConnection { holder in
                    // The lock of the appends: the append is sent, and waits in the server.
                    try await holder.script("select pg_advisory_lock(7226481)")
                    var writer = try Writer(seed: 1, round: 0, number: 0)
                    let append = try writer.next()
                    async let outcome = store.append(append)
                    let waiting = PostgresStatement("select count(*) from pg_locks where not granted")
                    while try await other.query(waiting)[0].decode(Int64.self) == 0 {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    cluster.running.kill()
                    do {
                        let outcome = try await outcome
                        Issue.record("it was acknowledged: \(outcome)")
                    } catch {
                        #expect(error is AppendOutcomeUnknown, "\(error)")
                    }
                }
            }
        }
    }

    /// Runs rounds of writing in this process, each with a strike, and audits the log after each and at the end.
    private func rounds(
        _ count: Int, on store: PostgresEventStore,
        strike: @escaping @Sendable (Int, inout SplitMix64) async throws -> Void
    ) async throws {
        let seed = Seeds.make(1)[0]
        var ledgers: [(ledger: Ledger, start: Position)] = []
        for round in 0..<count {
            let start = try await store.head()
            let ledger = try await Writing.run(seed: seed, round: round, on: store) {
                var random = SplitMix64(seed: seed ^ UInt64(round))
                try await strike(round, &random)
            }
            try await ledger.audit(store, after: start, "TEST_SEED=\(seed), round \(round)")
            ledgers.append((ledger, start))
        }
        var all = Ledger()
        for (ledger, _) in ledgers {
            all.acknowledged += ledger.acknowledged
            all.notDone += ledger.notDone
        }
        try await all.audit(store, after: .start, "TEST_SEED=\(seed), at the end")
    }

    /// Runs `body` with a store in a cluster of its own, which it may kill and replace, with durability as by default.
    func withStore(
        connectTimeout: Duration = .seconds(60),
        _ body: (PostgresEventStore, LentCluster, TestDatabase) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let cluster = LentCluster(try await EmbeddedPostgres.start(in: "\(folder)/c"))
            let database = try await TestDatabase.make(in: cluster.running)
            try await database.withClient(configure: { $0.connectTimeout = connectTimeout }) { client in
                try await client.migrate("event_store")
                try await body(PostgresEventStore(client, appended: PositionSignal()), cluster, database)
            }
            try await cluster.running.stop()
        }
    }
}
