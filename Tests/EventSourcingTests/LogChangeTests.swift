import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import Synchronization
import Testing

/// Projections over a log that is changed under them.
@Suite(.timeLimit(.minutes(5))) struct LogChangeTests {
    private let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    private func append(_ count: Int, to store: InMemoryEventStore, type: String = "counted") async throws {
        for _ in 0..<count {
            let event = NewEvent(
                id: .v7(), type: try EventType("tests.counter.\(type).v1"), data: EventPayload(bytes: []),
                metadata: EventPayload(bytes: []))
            _ = try await store.append([event], to: StreamName("tests.counter.v1-core-1"), expecting: .any)
        }
    }

    private func running(
        _ target: ListingTarget, on store: some EventStore, until isDone: (ProjectionRunner) async throws -> Bool
    ) async throws {
        var configuration = ProjectionRunner.Configuration()
        configuration.pollInterval = .milliseconds(2)
        configuration.stoppedInterval = .milliseconds(2)
        configuration.checkpointInterval = .milliseconds(10)
        configuration.parkedStreamsLimit = 2
        let runner = ProjectionRunner(
            reading: store, into: target, appended: PositionSignal(), applied: PositionSignal(),
            configuration: configuration, logger: logger)
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            while try await !isDone(runner) { try await Task.sleep(for: .milliseconds(1)) }
            group.cancelAll()
        }
    }

    private func stopReason(of runner: ProjectionRunner) -> ProjectionStopped.Reason? {
        if case .stopped(let stopped) = runner.activities[0] { stopped.reason } else { nil }
    }

    @Test(arguments: [LogFilter.all, LogFilter(typePrefixes: [try! EventTypePrefix("tests.counter.")])])
    func `a log that changes while it is followed stops the projection`(_ filter: LogFilter) async throws {
        let before = InMemoryEventStore()
        try await append(6, to: before)
        let changes: [(length: Int, isReplaced: Bool, reason: ProjectionStopped.Reason)] = [
            (4, false, .storeTruncated), (8, false, .storeForked), (4, true, .storeReplaced), (8, true, .storeReplaced),
        ]
        for change in changes {
            let store = SwappedStore(before)
            let target = ListingTarget(filter)
            let after = InMemoryEventStore()
            try await append(change.length, to: after)
            try await running(target, on: store) { runner in
                if target.positions.count == 6 { store.swap(for: after, isReplaced: change.isReplaced) }
                return stopReason(of: runner) != nil
            }
            try await running(target, on: store) { runner in
                guard let reason = stopReason(of: runner) else { return false }
                #expect(reason == change.reason)
                return true
            }
            #expect(target.positions == Array(1...6))
            #expect(target.content.withLock { $0.stall != nil })
        }
    }

    @Test func `a stopped projection goes on once its checkpoint was healed`() async throws {
        let store = InMemoryEventStore()
        try await append(3, to: store)
        let target = ListingTarget(at: Checkpoint(incarnation: nil, position: Position(9), eventID: UUID()))
        try await running(target, on: store) { runner in
            if stopReason(of: runner) == .storeTruncated {
                target.content.withLock { content in
                    content.checkpoint = .start
                    content.version += 1
                }
            }
            return target.positions == [1, 2, 3]
        }
    }

    @Test func `a checkpoint without an event id is adopted`() async throws {
        let store = InMemoryEventStore()
        try await append(3, to: store)
        let target = ListingTarget(at: Checkpoint(incarnation: nil, position: Position(2), eventID: nil))
        try await running(target, on: store) { _ in target.positions == [3] }
        #expect(try await target.checkpoint.incarnation == store.incarnation())
    }

    @Test func `the checkpoint moves over events that the projection does not want`() async throws {
        let store = InMemoryEventStore()
        try await append(1, to: store)
        try await append(7, to: store, type: "ignored")
        let target = ListingTarget(LogFilter(typePrefixes: [try EventTypePrefix("tests.counter.counted.")]))
        try await running(target, on: store) { _ in target.checkpoint.position == Position(8) }
        #expect(target.positions == [1])
        #expect(try await target.checkpoint.eventID == store.readLog(after: Position(7), .forwards, limit: 1)[0].id)
    }

    @Test func `poison parks its stream, and the events behind it wait in order`() async throws {
        let store = InMemoryEventStore()
        try await append(5, to: store)
        let target = ListingTarget(poison: [2])
        try await running(target, on: store) { _ in target.checkpoint.position == Position(5) }
        #expect(target.positions == [1])
        let parked = target.content.withLock { $0.parked.values.first }
        #expect(parked == [2, 3, 4, 5].map(Position.init))
    }

    @Test func `streams are shared out by a hash that never changes`() throws {
        let streams = try (0..<5).map { try StreamName("tests.counter.v1-core-\($0)") }
        #expect(streams.map { Partitioning(7).partition(of: $0) } == [1, 4, 0, 3, 3])
        #expect(streams.allSatisfy { Partitioning(1).partition(of: $0) == 0 })
    }
}

/// An event store that is exchanged for another one while it is used.
private final class SwappedStore: ForwardingEventStore {
    private let current: Mutex<(store: InMemoryEventStore, identity: InMemoryEventStore)>

    init(_ store: InMemoryEventStore) { current = Mutex((store, store)) }

    var base: InMemoryEventStore { current.withLock(\.store) }

    /// - Parameter isReplaced: whether it says that it is another one; a restored backup does not.
    func swap(for store: InMemoryEventStore, isReplaced: Bool) {
        current.withLock { current in
            current.store = store
            if isReplaced { current.identity = store }
        }
    }

    func incarnation() async throws -> UUID { try await current.withLock(\.identity).incarnation() }
}
