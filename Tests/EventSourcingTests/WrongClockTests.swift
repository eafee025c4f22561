import EventSourcing
import FoundationEssentials
import Synchronization
import Testing

/// Times in the log when a clock was wrong.
@Suite struct WrongClockTests {
    private struct Sum: EventSourced {
        private(set) var total = 0

        mutating func evolve(_ event: CounterEvent) {
            if case .counted(let counted) = event { total += counted.by }
        }
    }

    private static let month: TimeInterval = 30 * 86_400

    private let stream: StreamName

    init() throws { stream = try StreamName("tests.counter.v1-core-1") }

    /// Appends an event of this amount for each pair of times.
    private func store(
        _ events: [(amount: Int, occurred: TimeInterval, recorded: TimeInterval)]
    ) async throws -> InMemoryEventStore {
        let clock = Mutex(Date(timeIntervalSince1970: 0))
        let store = InMemoryEventStore(now: { clock.withLock(\.self) })
        for event in events {
            clock.withLock { $0 = Date(timeIntervalSince1970: event.recorded) }
            let context = MessageContext(
                tenant: stream.tenant, correlationID: "c", source: "tests",
                now: Date(timeIntervalSince1970: event.occurred))
            _ = try await AggregateStore<Sum>(store).transact(stream, in: context) { _ in
                [.counted(Counted(by: event.amount))]
            }
        }
        return store
    }

    private func expect(
        _ totals: [(time: TimeInterval, total: Int)], in store: InMemoryEventStore, now: Date = .distantFuture
    ) async throws {
        for (time, total) in totals {
            let loaded = try await AggregateReader<Sum>(store)
                .load(stream, asOf: .time(Date(timeIntervalSince1970: time)), now: now)
            #expect(loaded.state.total == total, "at \(time)")
        }
    }

    @Test func `a store's clock that is ahead once hides nothing`() async throws {
        let store = try await store([(1, 1_000, 1_000), (10, 2_000, 2_000 + Self.month), (100, 3_000, 3_000)])
        try await expect([(999, 0), (1_000, 1), (1_999, 1), (2_000, 11), (2_999, 11), (3_000, 111)], in: store)
        let times = try await store.readLog(after: nil, .forwards, limit: 3).map(\.recordedAt.timeIntervalSince1970)
        #expect(times == [1_000, 2_000 + Self.month, 3_000])
    }

    @Test func `a writer's clock that is ahead once hides nothing`() async throws {
        let store = try await store([(1, 1_000, 1_000), (10, 2_000 + Self.month, 2_000), (100, 3_000, 3_000)])
        try await expect([(999, 0), (1_999, 1), (2_000, 11), (3_000, 111)], in: store)
    }

    @Test func `where both were ahead, what comes after tells by when it had happened`() async throws {
        let store = try await store([
            (1, 1_000, 1_000), (10, 2_000 + Self.month, 2_000 + Self.month), (100, 3_000, 3_000),
        ])
        try await expect([(999, 0), (2_999, 1), (3_000, 111), (2_000 + Self.month, 111)], in: store)
    }

    @Test func `what is in the future counts from the event before it on`() async throws {
        let now = Date(timeIntervalSince1970: 4_000)
        let store = try await store([
            (1, 1_000, 1_000), (10, 2_000 + Self.month, 2_000 + Self.month), (100, 3_000, 3_000),
            (1_000, 3_500 + Self.month, 3_500 + Self.month), (10_000, 3_600 + Self.month, 3_600 + Self.month),
        ])
        try await expect([(999, 0), (1_000, 11), (2_999, 11), (3_000, 11_111), (4_000, 11_111)], in: store, now: now)
        let alone = try await self.store([(1, 2_000 + Self.month, 2_000 + Self.month)])
        try await expect([(3_999, 1), (5_000, 1)], in: alone, now: now)
    }

    @Test func `a clock that is behind loses nothing`() async throws {
        let store = try await store([
            (1, 1_000_000_000, 1_000_000_000), (10, 1_000_001_000 - Self.month, 1_000_001_000 - Self.month),
            (100, 1_000_002_000, 1_000_002_000),
        ])
        try await expect([(1_000_001_000, 11), (1_000_001_999, 11), (1_000_002_000, 111)], in: store)
    }

    @Test func `a clock that is adjusted a little does not run backwards, and one that is set back does`() async throws
    {
        let store = try await store([
            (1, 1, 1_000), (1, 1, 999.5), (1, 1, 999), (1, 1, 998.75), (1, 1, 998), (1, 1, 2_000), (1, 1, 1_500),
        ])
        let times = try await store.readLog(after: nil, .forwards, limit: 9).map(\.recordedAt.timeIntervalSince1970)
        #expect(times == [1_000, 1_000, 1_000, 998.75, 998.75, 2_000, 1_500])
    }

    @Test(arguments: [(999, 0), (1_000, 1), (2_999, 1), (3_000, 3), (1_000_000, 3), (3_000_000, 4)])
    func `the position at a time is that of the last event recorded by then`(
        time: TimeInterval, position: Int64
    ) async throws {
        let store = try await store([(1, 1, 1_000), (1, 1, 2_000_000), (1, 1, 3_000), (1, 1, 2_500_000)])
        #expect(try await store.position(at: Date(timeIntervalSince1970: time)).rawValue == position)
    }
}
