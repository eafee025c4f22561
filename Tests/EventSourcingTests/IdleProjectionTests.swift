import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import Synchronization
import Testing

/// What a projection asks of the databases while nothing happens, in simulated time: the figures do not depend on the
/// machine.
@Suite(.timeLimit(.minutes(5))) struct IdleProjectionTests {
    /// Runs a projection that is at the head of its log.
    ///
    /// - Returns: how often it asked the read database and the log in a minute.
    private func callsInAMinute(_ ownership: (any Ownership)? = nil) -> (target: Int, log: Int) {
        let executor = SimulatedExecutor(seed: 1)
        let clock = ManualClock()
        let (store, target) = (CountingLog(), CountingTarget())
        let calls = Mutex<(target: Int, log: Int)?>(nil)
        let run = Task(executorPreference: executor) {
            let event = NewEvent(
                id: .v7(), type: EventType(stored: "tests.counter.counted.v1", schemaVersion: 1),
                data: EventPayload(bytes: []), metadata: EventPayload(bytes: []))
            let stream = StreamName(stored: "tests.counter.v1-core-1", tenant: TenantID(stored: "core"))
            _ = try await store.append([event], to: stream, expecting: .any)
            let runner = ProjectionRunner(
                reading: store, into: target, owning: ownership, appended: store.base.appended,
                applied: PositionSignal(), clock: clock.time,
                logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup { group in
                group.addTask { try await runner.run() }
                try await clock.sleep(for: .seconds(10))
                let before = (target.calls.current, store.calls.current)
                try await clock.sleep(for: .seconds(60))
                calls.withLock { $0 = (target.calls.current - before.0, store.calls.current - before.1) }
                group.cancelAll()
            }
        }
        _ = executor.run(clock, atMost: 100_000) { calls.withLock { $0 != nil } }
        run.cancel()
        return calls.withLock { $0 } ?? (.max, .max)
    }

    @Test func `an idle owner asks the read database once in two seconds, and the event store once in six`() {
        let calls = callsInAMinute()
        #expect((25...30).contains(calls.target))
        #expect((8...10).contains(calls.log))
    }

    @Test func `a process that owns nothing asks how far the owner has come, and does not read the log`() {
        let calls = callsInAMinute(NeverOwned())
        #expect((25...30).contains(calls.target))
        #expect(calls.log == 0)
    }
}

private struct NeverOwned: Ownership {
    func own<Result: Sendable>(_ resource: String, _ body: @Sendable () async throws -> Result) async throws -> Result {
        while true { try await Task.sleep(for: .seconds(600)) }
    }
}

private final class Calls: Sendable {
    private let count = Mutex(0)

    var current: Int { count.withLock { $0 } }

    func add() { count.withLock { $0 += 1 } }
}

private final class CountingLog: ForwardingEventStore {
    let base = InMemoryEventStore()
    let calls = Calls()

    func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        calls.add()
        return try await base.readLog(after: start, direction, matching: filter, limit: limit)
    }

    func head() async throws -> Position {
        calls.add()
        return try await base.head()
    }

    func incarnation() async throws -> UUID {
        calls.add()
        return try await base.incarnation()
    }
}

private final class CountingTarget: ProjectionTarget {
    private let base = ListingTarget()
    let calls = Calls()

    var name: String { base.name }
    var filter: LogFilter { base.filter }

    func layout() async throws -> ProjectionLayout {
        calls.add()
        return try await base.layout()
    }

    func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        calls.add()
        return try await base.load(partition, of: partitioning)
    }

    func commit(_ commit: ProjectionCommit) async throws {
        calls.add()
        try await base.commit(commit)
    }

    func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        calls.add()
        return try await base.parkedPositions(of: stream, in: partition, limit: limit)
    }

    func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws {
        calls.add()
        try await base.repartition(versions, at: checkpoint, into: wanted)
    }

    func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        calls.add()
        try await base.note(stall, in: partition)
    }
}
