import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct ProjectionRunnerTests {
    let store = InMemoryEventStore()
    let applied = PositionSignal()

    private func append(_ count: Int) async throws {
        let counters = AggregateStore<Counter>(store)
        for number in 0..<count {
            let stream = try StreamName("tests.counter.v1-core-\(number)")
            let context = MessageContext(
                tenant: stream.tenant, correlationID: "c", source: "tests", now: .init(timeIntervalSince1970: 0))
            _ = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        }
    }

    private func expectApplied(_ position: Int64) async throws {
        #expect(try await applied.wait(until: Position(position), atMost: .seconds(30)))
    }

    private func running(_ target: some ProjectionTarget, _ body: () async throws -> Void) async throws {
        var configuration = ProjectionRunner.Configuration()
        configuration.batchSize = 3
        let runner = ProjectionRunner(
            reading: store, into: target, appended: store.appended, applied: applied, configuration: configuration,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let group = ServiceGroup(services: [runner], logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `what is in the log and what comes later is applied once, in order`() async throws {
        let target = ListingTarget()
        try await append(7)
        try await running(target) {
            try await expectApplied(7)
            try await append(4)
            try await expectApplied(11)
        }
        #expect(target.positions == Array(1...11))
    }

    @Test func `an invalidated position is announced again as far as the target still has it`() async throws {
        let target = ListingTarget()
        try await append(5)
        try await running(target) {
            try await expectApplied(5)
            target.content.withLock { content in
                content = ListingTarget.Content(
                    positions: [1, 2, 3], checkpoint: Checkpoint(incarnation: nil, position: Position(3), eventID: nil),
                    version: 77)
                applied.invalidate()
            }
            try await expectApplied(5)
        }
        #expect(target.positions == Array(1...5))
    }

    @Test func `a failing target is tried again until it succeeds`() async throws {
        let target = ListingTarget(failures: 3)
        try await append(5)
        try await running(target) {
            try await expectApplied(5)
        }
        #expect(target.positions == Array(1...5))
    }

    @Test func `two runners of one projection apply every event once between them`() async throws {
        let target = ListingTarget()
        try await running(target) {
            try await running(target) {
                try await append(40)
                try await expectApplied(40)
            }
        }
        #expect(target.positions == Array(1...40))
    }
}
