import AppendWorkload
import EmbeddedPostgres
import EventSourcing
import EventSourcingPostgres
import Glibc
import LibPQ
import PostgresTesting
import Testing

/// Processes and servers are killed while writers append and workers project. After every strike, each partition's rows
/// must hold what its checkpoint says, and at rest the checkpoints are at the head of the log.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ProjectionFaultTests {
    /// What happens to whom.
    private enum Fault: CaseIterable {
        case killWorker, killEventStore, killReadDatabase, endSession, killSession
    }

    @Test func `every event is applied once and in order, whoever is killed`() async throws {
        let seed = Seeds.make(1)[0]
        var random = SplitMix64(seed: seed)
        let faults = (0..<6).flatMap { _ in Fault.allCases.shuffled(using: &random) }
        try await withStage { stage in
            try await Workers.running(2, doing: "project", from: stage.events, to: stage.rows) { workers in
                for (round, fault) in faults.enumerated() {
                    let comment: Comment = "TEST_SEED=\(seed), round \(round), \(fault)"
                    try await Writing.run(seed: seed, round: round, on: stage.store, pace: .milliseconds(5)) {
                        var random = SplitMix64(seed: seed ^ UInt64(round))
                        try await strike(fault, stage, workers, &random)
                        try await stage.audit.check(comment)
                    }
                    try await stage.audit.checkAtRest(comment)
                }
            }
            #expect(try await stage.parkedEvents() == 0)
        }
    }

    private func strike(
        _ fault: Fault, _ stage: Stage, _ workers: Workers, _ random: inout SplitMix64
    ) async throws {
        switch fault {
        case .killWorker:
            if let process = workers[Int.random(in: 0..<2, using: &random)] { kill(process, SIGKILL) }
        case .killEventStore: try await stage.eventStore.crash()
        case .killReadDatabase: try await stage.readDatabase.crash()
        case .endSession, .killSession:
            let isOfReader = random.chance(70)
            let cluster = isOfReader ? stage.readDatabase : stage.eventStore
            let victims = try cluster.running.backends(of: isOfReader ? stage.rows.name : stage.events.name)
            guard !victims.isEmpty else { return }
            // A session that dies as by a crash takes all others along.
            kill(random.pick(victims), fault == .endSession ? SIGTERM : SIGKILL)
        }
    }

    /// Runs `body` with an event store and a read database, each in a cluster of its own that may be killed.
    private func withStage(_ body: (Stage) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            // What a killed server has written, the kernel has: that nobody waits for the disk changes nothing here.
            let settings = ["fsync": "off"]
            let eventStore = LentCluster(try await .start(in: "\(folder)/e", settings: settings))
            let readDatabase = LentCluster(try await .start(in: "\(folder)/r", settings: settings))
            let events = try await TestDatabase.make(in: eventStore.running)
            let rows = try await TestDatabase.make(in: readDatabase.running)
            try await events.withClient { eventClient in
                try await rows.withClient { rowClient in
                    try await eventClient.migrate("event_store")
                    try await CountAudit.prepare(rowClient)
                    let store = PostgresEventStore(eventClient, appended: PositionSignal())
                    let audit = CountAudit(store: store, readDatabase: rowClient)
                    try await body(
                        Stage(
                            eventStore: eventStore, readDatabase: readDatabase, events: events, rows: rows,
                            store: store, audit: audit))
                }
            }
            try await eventStore.running.stop()
            try await readDatabase.running.stop()
        }
    }
}

/// Two servers, and what is on them.
private struct Stage {
    let eventStore: LentCluster
    let readDatabase: LentCluster
    let events: TestDatabase
    let rows: TestDatabase
    let store: PostgresEventStore
    let audit: CountAudit

    func parkedEvents() async throws -> Int64 {
        try await audit.readDatabase.query(PostgresStatement("select count(*) from parked_events"))[0]
            .decode(Int64.self)
    }
}
