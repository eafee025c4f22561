import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// The sum of each counter. A step of 13 is refused until a test allows it.
private final class Totals: StreamRowProjection {
    let isSuperstitious: Mutex<Bool>

    init(superstitious: Bool = true) { isSuperstitious = Mutex(superstitious) }

    func key(for event: Recorded<CounterEvent>) -> StreamName? { event.record.stream }

    func stream(of key: StreamName) -> StreamName { key }

    func evolve(_ row: inout Int?, with event: Recorded<CounterEvent>) throws {
        switch event.event {
        case .counted(let counted):
            if counted.by == 13, isSuperstitious.withLock(\.self) { throw Superstition() }
            row = (row ?? 0) + counted.by
        }
    }

    struct Superstition: Error {}
}

@Suite(.timeLimit(.minutes(5))) struct InMemoryProjectionTests {
    private let store = InMemoryEventStore()
    private let applied = PositionSignal()

    private func count(_ steps: Int..., in entity: String) async throws -> StreamName {
        let stream = try StreamName("tests.counter.v1-core-\(entity)")
        let context = MessageContext(
            tenant: stream.tenant, correlationID: "c", source: "tests", now: .init(timeIntervalSince1970: 0))
        for step in steps {
            _ = try await AggregateStore<Counter>(store).transact(stream, in: context) { try $0.count(by: step) }
        }
        return stream
    }

    private func running(_ target: some ProjectionTarget, _ body: () async throws -> Void) async throws {
        var configuration = ProjectionRunner.Configuration()
        configuration.pollInterval = .milliseconds(5)
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let runner = ProjectionRunner(
            reading: store, into: target, owning: InMemoryOwnership(), appended: store.appended, applied: applied,
            configuration: configuration, logger: logger)
        let group = ServiceGroup(services: [runner], logger: logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Looks until the condition holds; the suite's time limit ends what never does.
    private func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func reach(_ position: Int64) async throws {
        #expect(try await applied.wait(until: Position(position), atMost: .seconds(30)))
    }

    @Test(arguments: [1, 3])
    func `rows follow their streams, in any number of partitions`(_ partitions: Int) async throws {
        let target = InMemoryProjection("totals", Totals(), partitions: Partitioning(partitions))
        let streams = [try await count(1, 2, in: "a"), try await count(5, in: "b")]
        try await running(target) {
            try await reach(3)
            _ = try await count(7, in: "b")
            try await reach(4)
        }
        #expect(target.rows == [streams[0]: 3, streams[1]: 12])
        #expect(try await target.layout().positions.count == partitions)
    }

    @Test func `a stream whose event cannot be applied is parked by itself, and retried when it can`() async throws {
        let totals = Totals()
        let target = InMemoryProjection("totals", totals, partitions: Partitioning(2))
        let (bad, good) = (try await count(1, 13, 2, in: "bad"), try await count(4, in: "good"))
        try await running(target) {
            try await reach(4)
            #expect(target.rows == [bad: 1, good: 4])
            let parked = try await target.parkedEvents(of: "totals", after: .start, limit: 10)
            #expect(parked.map(\.position) == [Position(2), Position(3)])
            #expect(parked.map { $0.reason != nil } == [true, false])
            totals.isSuperstitious.withLock { $0 = false }
            try await target.retry(bad, in: "totals")
            try await until { target.row(bad) == 16 }
        }
        #expect(try await target.projections().first?.parkedEvents == 0)
    }

    @Test func `a skipped event stays out, and those behind it are applied`() async throws {
        let target = InMemoryProjection("totals", Totals())
        let bad = try await count(1, 13, 2, in: "bad")
        try await running(target) {
            try await reach(3)
            #expect(try await target.skip(firstOf: bad, in: "totals", reason: "unlucky") == Position(2))
            try await until { target.row(bad) == 3 }
        }
        #expect(
            try await target.parkedEvents(of: "totals", after: .start, limit: 10).map(\.skip?.reason) == ["unlucky"])
        #expect(try await target.update(bad, reading: store) == 3)
    }

    @Test func `partitions are replaced while the projection runs`() async throws {
        let target = InMemoryProjection("totals", Totals(superstitious: false), partitions: Partitioning(1))
        let stream = try await count(1, in: "a")
        try await running(target) {
            try await reach(1)
            try await target.setPartitions(of: "totals", to: Partitioning(4))
            try await until { try await target.layout().partitions.count == 4 }
            _ = try await count(2, in: "a")
            try await reach(2)
        }
        #expect(target.row(stream) == 3)
    }

    @Test func `a row is made again from its whole stream`() async throws {
        let target = InMemoryProjection("totals", Totals())
        let stream = try await count(1, 2, in: "a")
        try await running(target) { try await reach(2) }
        _ = try await count(9, in: "a")
        #expect(try await target.update(stream, reading: store) == 3)
        #expect(target.row(stream) == 3)
    }
}
