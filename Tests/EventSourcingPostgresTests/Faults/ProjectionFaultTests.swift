import AppendWorkload
import EmbeddedPostgres
import EventSourcingPostgres
import Glibc
import PostgresTesting
import Testing

/// Processes and servers are killed while writers append and workers project. After every strike, each partition's rows
/// must hold what its checkpoint says, and at rest the checkpoints are at the head of the log.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ProjectionFaultTests {
    /// What happens to whom.
    private enum Fault: CaseIterable {
        case killWorker, killEventStore, killReadDatabase, endSession, killSession
    }

    @Test func `every event is applied once and in order, whichever process is killed`() async throws {
        let seed = Seeds.make(1)[0]
        var random = SplitMix64(seed: seed)
        let faults = (0..<6).flatMap { _ in Fault.allCases.shuffled(using: &random) }
        try await ProjectionStage.running { stage in
            try await Workers.running(2, doing: "project", from: stage.events, to: stage.rows) { workers in
                for (round, fault) in faults.enumerated() {
                    let start = try await stage.store.head()
                    let comment: Comment = "TEST_SEED=\(seed), round \(round), \(fault)"
                    try await Writing.run(seed: seed, round: round, on: stage.store, pace: .milliseconds(20)) {
                        var random = SplitMix64(seed: seed ^ UInt64(round))
                        try await strike(fault, stage, workers, &random)
                        try await stage.audit.check(comment, round: round, after: start)
                    }
                    try await stage.audit.checkAtRest(comment, round: round, after: start)
                }
                try await stage.audit.check("TEST_SEED=\(seed), at the end")
            }
            #expect(try await stage.parkedEvents() == 0)
        }
    }

    private func strike(
        _ fault: Fault, _ stage: ProjectionStage, _ workers: Workers, _ random: inout SplitMix64
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
}
