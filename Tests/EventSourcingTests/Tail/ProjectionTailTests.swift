import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import Synchronization
import Testing

/// A projection beside the process that appends: how often it has to read the log.
@Suite(.timeLimit(.minutes(5))) struct ProjectionTailTests {
    private let store = CountingStore()
    private let tail = LogTail()
    private let appended = PositionSignal()
    private let applied = PositionSignal()

    /// Appends as a store does that has the tail, or as another process does.
    private func append(isFromElsewhere: Bool = false, type: String = "counted") async throws {
        let before = try await store.base.head()
        let event = NewEvent(
            id: .v7(), type: try EventType("tests.counter.\(type).v1"), data: EventPayload(bytes: []),
            metadata: EventPayload(bytes: []))
        let stream = try StreamName("tests.counter.v1-core-1")
        let position = try await store.append([event], to: stream, expecting: .any).position
        if !isFromElsewhere {
            let log = try await store.base.readLog(after: .start, .forwards, limit: .max)
            tail.append([log.last!], precededBy: log.dropLast().last?.id)
        }
        #expect(position.rawValue == before.rawValue + 1)
        appended.advance(to: position)
    }

    private func running(_ target: ListingTarget, _ body: () async throws -> Void) async throws {
        var configuration = ProjectionRunner.Configuration()
        // So that it only reads when it has to.
        configuration.pollInterval = .seconds(600)
        let runner = ProjectionRunner(
            reading: store, into: target, appended: appended, tail: tail, applied: applied,
            configuration: configuration, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func expectApplied(_ position: Int64) async throws {
        #expect(try await applied.wait(until: Position(position), atMost: .seconds(30)))
    }

    @Test func `what the process appends is applied without a read of the log`() async throws {
        let target = ListingTarget()
        try await append()
        try await running(target) {
            try await expectApplied(1)
            let reads = store.reads
            for position in 2...50 as ClosedRange<Int64> {
                try await append()
                try await expectApplied(position)
            }
            #expect(store.reads == reads)
        }
        #expect(target.positions == Array(1...50))
    }

    @Test func `what another process appends is read, and then the tail joins again`() async throws {
        let target = ListingTarget()
        try await append()
        try await running(target) {
            try await expectApplied(1)
            for position in 2...40 as ClosedRange<Int64> {
                let (reads, isFromElsewhere) = (store.reads, position % 4 == 0)
                try await append(isFromElsewhere: isFromElsewhere)
                try await expectApplied(position)
                #expect(store.reads > reads || !isFromElsewhere)
                #expect(store.reads == reads || isFromElsewhere)
            }
        }
        #expect(target.positions == Array(1...40))
    }

    @Test func `events that the projection does not want are passed over in the tail too`() async throws {
        let target = ListingTarget(LogFilter(typePrefixes: [try EventTypePrefix("tests.counter.counted.")]))
        try await append()
        try await running(target) {
            try await expectApplied(1)
            let reads = store.reads
            try await append(type: "ignored")
            try await append()
            try await expectApplied(3)
            #expect(store.reads == reads)
        }
        #expect(target.positions == [1, 3])
    }

    @Test func `an event that is redacted before the projection begins is not taken from the tail`() async throws {
        let target = ListingTarget()
        for _ in 1...3 { try await append() }
        let context = MessageContext(
            tenant: TenantID(stored: "core"), correlationID: "c", source: "tests",
            now: Date(timeIntervalSince1970: 0))
        _ = try await store.base.redact(
            Revision(1), of: StreamName("tests.counter.v1-core-1"), reason: "a wish", in: context)
        appended.advance(to: try await store.base.head())
        try await running(target) { try await expectApplied(4) }
        #expect(target.content.withLock(\.redacted) == [2])
    }
}

/// A store that counts the reads of the log.
private final class CountingStore: ForwardingEventStore {
    let base = InMemoryEventStore()
    private let counter = Mutex(0)

    var reads: Int { counter.withLock { $0 } }

    func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        counter.withLock { $0 += 1 }
        return try await base.readLog(after: start, direction, matching: filter, limit: limit)
    }

    func head() async throws -> Position {
        counter.withLock { $0 += 1 }
        return try await base.head()
    }
}
