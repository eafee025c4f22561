import EventSourcing
import FoundationEssentials
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct ProjectionOwnershipTests {
    private let store = InMemoryEventStore()

    private func running(
        _ target: ListingTarget, owning ownership: ScriptedOwnership, _ body: (PositionSignal) async throws -> Void
    ) async throws {
        let event = NewEvent(
            id: .v7(), type: try EventType("tests.counter.counted.v1"), data: EventPayload(bytes: []),
            metadata: EventPayload(bytes: []))
        _ = try await store.append([event], to: StreamName("tests.counter.v1-core-1"), expecting: .any)
        let applied = PositionSignal()
        let runner = ProjectionRunner(
            reading: store, into: target, owning: ownership, appended: store.appended, applied: applied,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            try await body(applied)
            group.cancelAll()
        }
    }

    @Test func `a partition is run while it is owned, and owned again after it was lost`() async throws {
        let ownership = ScriptedOwnership(losses: 2)
        let target = ListingTarget()
        try await running(target, owning: ownership) { applied async throws in
            #expect(try await applied.wait(until: Position(1), atMost: .seconds(30)))
        }
        #expect(target.positions == [1])
        #expect(ownership.asked == Array(repeating: "projection/listing/0", count: 3))
    }

    @Test func `a process that owns nothing learns how far another one has come`() async throws {
        let target = ListingTarget()
        try await running(target, owning: ScriptedOwnership(losses: .max)) { applied async throws in
            target.content.withLock {
                $0.checkpoint = Checkpoint(incarnation: nil, position: Position(1), eventID: nil)
            }
            #expect(try await applied.wait(until: Position(1), atMost: .seconds(30)))
        }
        #expect(target.positions.isEmpty)
    }
}

/// Is lost some times before it is granted.
private final class ScriptedOwnership: Ownership {
    private let losses: Counting
    private let resources = Mutex<[String]>([])

    init(losses: Int) { self.losses = Counting(from: losses) }

    var asked: [String] { resources.withLock { $0 } }

    func own<Result: Sendable>(_ resource: String, _ body: @Sendable () async throws -> Result) async throws -> Result {
        resources.withLock { $0.append(resource) }
        if losses.countDown() { throw OwnershipLost(of: resource) }
        return try await body()
    }
}
