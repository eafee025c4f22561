import EventSourcingTesting
import FoundationEssentials
import Logging
import Synchronization

@testable import EventSourcing

/// One history: processes that run one projection over one read database, while events are appended, the database and
/// the processes fail, and an administrator interferes. A seed decides on all of it.
struct Simulation {
    let seed: UInt64
    let mistake: SimulatedReadDatabase.Mistake?

    private static let silent = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    init(seed: UInt64, making mistake: SimulatedReadDatabase.Mistake? = nil) {
        self.seed = seed
        self.mistake = mistake
    }

    struct Outcome {
        /// What was found wrong; nothing if all invariants held.
        var violations: [String]
        /// The versions and positions of all commits, in order.
        let commits: [Int64]
    }

    /// Runs the history.
    func run() -> Outcome {
        let executor = SimulatedExecutor(seed: seed)
        let clock = ManualClock()
        let database = SimulatedReadDatabase(on: executor, clock, making: mistake)
        let log = SimulatedLog(through: database)
        database.content.withLock { $0.poison = log.choosePoison(executor) }
        let isOver = Mutex(false)
        let history = Task(executorPreference: executor) {
            await play(log, database, executor, clock)
            isOver.withLock { $0 = true }
        }
        let ended = executor.run(clock, atMost: 100_000) { isOver.withLock { $0 } }
        history.cancel()
        var outcome = database.content.withLock { Outcome(violations: $0.violations, commits: $0.commits) }
        if !ended { outcome.violations.append("the projection did not get to the end") }
        outcome.violations += log.violations(in: database)
        return outcome
    }

    private func play(
        _ log: SimulatedLog, _ database: SimulatedReadDatabase, _ executor: SimulatedExecutor, _ clock: ManualClock
    ) async {
        let applied = PositionSignal()
        await withTaskGroup { group in
            for process in log.processes {
                group.addTask { await crashing(log, process, executor, clock, applied) }
            }
            group.addTask { await administrate(log, database, executor, clock) }
            await log.grow(executor, clock)
            try? await clock.sleep(for: .seconds(2))
            // The faults cease: from here on it has to get to the end.
            database.content.withLock { content in
                content.hasFaults = false
                content.isPaused = false
                content.poison = []
                content.retries = Set(content.parked.keys)
                content.addVersions()
            }
            while !log.isApplied(in: database) {
                do { try await clock.sleep(for: .milliseconds(500)) } catch { break }
                database.content.withLock { content in
                    guard !content.parked.isEmpty, content.retries.isEmpty else { return }
                    content.retries = Set(content.parked.keys)
                    content.addVersions()
                }
            }
            group.cancelAll()
        }
    }

    /// A process that crashes now and then, and is started again. Nothing keeps it from running what another one runs.
    private func crashing(
        _ log: SimulatedLog, _ process: SimulatedProcess, _ executor: SimulatedExecutor, _ clock: ManualClock,
        _ applied: PositionSignal
    ) async {
        var configuration = ProjectionRunner.Configuration()
        configuration.batchSize = 1 + executor.random(below: 5)
        configuration.parkedStreamsLimit = 4
        let runner = ProjectionRunner(
            reading: log, into: process, owning: nil, appended: process.appended, tail: process.tail, applied: applied,
            configuration: configuration,
            clock: ServiceClock(clock, now: { Date(timeIntervalSince1970: 0) }) {
                mistake == .repeatedVersions ? 0.5 : 0.5 + Double(executor.random(below: 1 << 20)) / Double(1 << 21)
            }, logger: Self.silent)
        while !Task.isCancelled {
            let mayCrash = process.database.content.withLock { $0.hasFaults }
            await withTaskGroup { group in
                group.addTask { await runner.runUntilCancelled() }
                guard mayCrash else { return await group.waitForAll() }
                try? await clock.sleep(for: .milliseconds(executor.random(below: 3_000)))
                group.cancelAll()
            }
        }
    }

    /// Pauses, resumes, retries and changes the number of partitions; and crashes the read database.
    private func administrate(
        _ log: SimulatedLog, _ database: SimulatedReadDatabase, _ executor: SimulatedExecutor, _ clock: ManualClock
    ) async {
        while !Task.isCancelled {
            try? await clock.sleep(for: .milliseconds(100 + executor.random(below: 1_500)))
            let choice = executor.random(below: 6)
            let partitions = 1 + executor.random(below: 3)
            let lost = executor.random(below: 8)
            database.content.withLock { content in
                guard content.hasFaults else { return }
                guard choice < 4 else { return content.lose(min(lost, content.beforeCommits.count)) }
                switch choice {
                case 0: content.isPaused.toggle()
                case 1: content.retries = Set(content.parked.keys)
                case 2: content.wanted = partitions
                default: content.poison = Set(content.poison.sorted().dropLast())
                }
                content.addVersions()
            }
        }
    }
}

extension SimulatedReadDatabase.Content {
    fileprivate mutating func addVersions() {
        for index in projected.partitions.indices { projected.partitions[index].version += 1 }
        flush()
    }
}
