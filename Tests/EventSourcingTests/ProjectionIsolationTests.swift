import EventSourcing
import FoundationEssentials
import Logging
import Synchronization
import Testing

/// What becomes of the others when one projection is in trouble, and of one that is in too much of it.
@Suite(.timeLimit(.minutes(5))) struct ProjectionIsolationTests {
    private let store = InMemoryEventStore()

    private func append(_ streams: ClosedRange<Int>) async throws {
        for number in streams {
            let event = NewEvent(
                id: .v7(), type: try EventType("tests.counter.counted.v1"), data: EventPayload(bytes: []),
                metadata: EventPayload(bytes: []))
            _ = try await store.append([event], to: StreamName("tests.counter.v1-core-\(number)"), expecting: .any)
        }
    }

    private func runner(
        _ target: some ProjectionTarget, applied: PositionSignal = PositionSignal(),
        _ configure: (inout ProjectionRunner.Configuration) -> Void = { _ in }
    ) -> ProjectionRunner {
        var configuration = ProjectionRunner.Configuration()
        configuration.longestPause = .milliseconds(50)
        configuration.stoppedInterval = .milliseconds(20)
        configure(&configuration)
        return ProjectionRunner(
            reading: store, into: target, appended: store.appended, applied: applied, configuration: configuration,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    private func running(_ runners: [ProjectionRunner], _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for runner in runners { group.addTask { try await runner.run() } }
            try await body()
            group.cancelAll()
        }
    }

    @Test func `projections that fail or hang hold up no other`() async throws {
        let gate = PositionSignal()
        let (hanging, failing, healthy) = (ListingTarget(), ListingTarget(failures: .max), ListingTarget())
        let (opened, applied) = (PositionSignal(), PositionSignal())
        let failingRunner = runner(failing)
        let runners = [
            runner(GatedTarget(base: hanging, gate: gate), applied: opened), failingRunner,
            runner(healthy, applied: applied),
        ]
        try await running(runners) {
            for round in 1...5 {
                try await append(1...10)
                let hasApplied = try await applied.wait(until: Position(Int64(round * 10)), atMost: .seconds(30))
                #expect(hasApplied)
            }
            #expect(hanging.positions.isEmpty && failing.positions.isEmpty)
            while failing.content.withLock({ $0.stall == nil }) { await Task.yield() }
            guard case .failing(let stall) = failingRunner.activities[0] else {
                Issue.record("it does not say that it fails")
                return
            }
            #expect(stall.reason.contains("Broken"))
            gate.advance(to: Position(1))
            let hasFollowed = try await opened.wait(until: Position(50), atMost: .seconds(30))
            #expect(hasFollowed)
        }
        #expect(healthy.positions == Array(1...50))
        #expect(hanging.positions == Array(1...50))
    }

    @Test func `a projection with too many parked streams stops, says so, and goes on when that is mended`()
        async throws
    {
        let target = ListingTarget(poison: [2, 4, 6, 8])
        let applied = PositionSignal()
        let runner = runner(target, applied: applied) { $0.parkedStreamsLimit = 3 }
        try await append(1...10)
        try await running([runner]) {
            while target.content.withLock({ $0.stall == nil }) { await Task.yield() }
            guard case .stopped(let stopped) = runner.activities[0] else {
                Issue.record("it does not say that it has stopped")
                return
            }
            #expect(stopped.reason == .tooManyParkedStreams && stopped.projection == "listing")
            #expect(stopped.finding == "3 streams are parked")
            #expect(target.content.withLock { $0.stall?.reason.contains("look at the parked events") } == true)
            #expect(target.positions == [1, 3, 5])
            #expect(target.checkpoint.position == Position(6))

            // Somebody has skipped the first two of them.
            target.content.withLock { content in
                for stream in content.parked.filter({ $0.value[0] < Position(6) }).keys { content.parked[stream] = nil }
                content.version += 1
            }
            let hasGoneOn = try await applied.wait(until: Position(10), atMost: .seconds(30))
            #expect(hasGoneOn)
        }
        #expect(target.positions == [1, 3, 5, 7, 9, 10])
        #expect(target.content.withLock { $0.stall } == nil)
    }
}

/// Hangs in its commits until a gate is opened.
private struct GatedTarget: ProjectionTarget {
    let base: ListingTarget
    let gate: PositionSignal

    var name: String { base.name }
    var filter: LogFilter { base.filter }

    func layout() async throws -> ProjectionLayout { try await base.layout() }

    func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        try await base.load(partition, of: partitioning)
    }

    func commit(_ commit: ProjectionCommit) async throws {
        while try await !gate.wait(until: Position(1), atMost: .seconds(60)) {}
        try await base.commit(commit)
    }

    func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        try await base.parkedPositions(of: stream, in: partition, limit: limit)
    }

    func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws {
        try await base.repartition(versions, at: checkpoint, into: wanted)
    }

    func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        try await base.note(stall, in: partition)
    }
}
