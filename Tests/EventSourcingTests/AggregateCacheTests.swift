import EventSourcingTesting
import FoundationEssentials
import Synchronization
import Testing

@testable import EventSourcing

/// Decisions on states that are held in memory, beside other processes that change the same streams.
@Suite struct AggregateCacheTests {
    private let base = InMemoryEventStore()
    private let stream: StreamName
    private let context: MessageContext

    init() throws {
        stream = try StreamName("tests.counter.v1-core-1")
        context = MessageContext(
            tenant: stream.tenant, correlationID: "c", source: "tests", now: Date(timeIntervalSince1970: 1_700_000_000))
    }

    private func process(_ store: any EventStore, capacity: Int = 100) -> AggregateStore<Counter> {
        AggregateStore(store, cache: AggregateCache(capacity: capacity))
    }

    @Test func `an aggregate that is in memory is decided on without a read`() async throws {
        let store = ReadCounter(base)
        let counters = process(store)
        _ = try await counters.transact(stream, in: context, presumingNew: true) { try $0.count(by: 1) }
        for value in 2...5 {
            let outcome = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
            #expect(outcome.state.value == value)
            #expect(outcome.revision == Revision(Int64(value - 1)))
            #expect(outcome.events.map(\.record.position) == [Position(Int64(value))])
        }
        #expect(store.reads == 0)
        let command = try CommandKey(id: "k", requestHash: [1])
        _ = try await counters.transact(stream, in: context, by: command) { try $0.count(by: 1) }
        #expect(store.reads == 0)
    }

    @Test func `nothing is refused, left unsaid or insisted on because of what is only in memory`() async throws {
        let store = ReadCounter(base)
        let (here, there) = (process(store), process(base))
        _ = try await here.transact(stream, in: context) { try $0.count(by: 5, upTo: 5) }
        // Another process makes room.
        _ = try await there.transact(stream, in: context) { try $0.count(by: -3) }
        let allowed = try await here.transact(stream, in: context) { try $0.count(by: 2, upTo: 5) }
        #expect(allowed.state.value == 4)
        _ = try await there.transact(stream, in: context) { try $0.count(by: 1) }
        let unsaid = try await here.transact(stream, in: context) { try $0.count(by: 0) }
        #expect(unsaid.state.value == 5)
        #expect(unsaid.revision == Revision(3))
        _ = try await there.transact(stream, in: context) { try $0.count(by: 1) }
        let insisting = try await here.transact(stream, in: context, expecting: .exactly(Revision(4))) {
            try $0.count(by: 1)
        }
        #expect(insisting.state.value == 7)
        _ = try await there.transact(stream, in: context) { try $0.count(by: 1) }
        let stale = await #expect(throws: WrongExpectedRevision.self) {
            try await here.transact(stream, in: context, expecting: .exactly(Revision(5))) { try $0.count(by: 1) }
        }
        #expect(stale?.actual == Revision(6))
    }

    @Test func `as many states are held as fit, the least recently used go first`() async throws {
        let cache = AggregateCache<Counter>(capacity: 4)
        let counters = AggregateStore<Counter>(base, cache: cache)
        let streams = try (0..<20).map { try StreamName("tests.counter.v1-core-\($0)") }
        for stream in streams {
            _ = try await counters.transact(stream, in: context, presumingNew: true) { try $0.count(by: 1) }
            _ = try await counters.transact(streams[0], in: context) { try $0.count(by: 1) }
        }
        #expect(cache.statistics.count <= 5)
        #expect(cache.statistics.hits >= 19)
        let none = AggregateCache<Counter>(bytes: 1)
        _ = try await AggregateStore<Counter>(base, cache: none).transact(stream, in: context) { try $0.count(by: 1) }
        #expect(none.statistics.count == 0)
        let aged = AggregateCache<Counter>(maximumAge: .zero)
        let store = ReadCounter(base)
        for _ in 1...2 {
            _ = try await AggregateStore<Counter>(store, cache: aged).transact(stream, in: context) {
                try $0.count(by: 1)
            }
        }
        #expect(store.reads == 2)
    }

    @Test func `a state is as old as what was read for it, whatever was appended to it since`() async throws {
        let cache = AggregateCache<Counter>()
        let counters = AggregateStore<Counter>(base, cache: cache)
        _ = try await AggregateStore<Counter>(base).transact(stream, in: context) { try $0.count(by: 1) }
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        let loaded = try #require(cache[stream])
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        let appended = try #require(cache[stream])
        #expect(appended.revision != loaded.revision)
        #expect(appended.readAt == loaded.readAt)
    }

    // MARK: Histories

    /// What breaks the promise that decisions on remembered states are as good as others.
    enum Fault: CaseIterable {
        /// An append is accepted whatever the revision that it states.
        case uncheckedAppend
        /// A read answers what the process has read before.
        case staleRead
    }

    @Test(arguments: UInt64(0)..<50)
    func `two processes decide as one would`(seed: UInt64) async throws {
        #expect(try await isSerial(seed: seed, base, base))
    }

    @Test(arguments: Fault.allCases)
    func `a planted fault is found by the histories`(_ fault: Fault) async throws {
        var found = false
        for seed in UInt64(0)..<20 where !found {
            let base = InMemoryEventStore()
            let faulty = FaultyStore(base, fault)
            found = try await !isSerial(seed: seed, faulty, base)
        }
        #expect(found)
    }

    /// Lets two processes count up and down between bounds, in turns that a seed determines; tells whether everything that
    /// they did and were told is what one process would have done and been told.
    private func isSerial(seed: UInt64, _ first: any EventStore, _ second: any EventStore) async throws -> Bool {
        var random = SeededGenerator(seed: seed)
        let processes = [process(first, capacity: 2), process(second, capacity: 2)]
        let streams = try (0..<3).map { try StreamName("tests.counter.v1-core-s\($0)") }
        var model: [StreamName: Int] = [:]
        for _ in 0..<80 {
            let counters = processes.randomElement(using: &random)!
            let stream = streams.randomElement(using: &random)!
            let step = Int.random(in: -2...3, using: &random)
            let value = model[stream] ?? 0
            let expected = value + step <= 5 ? value + step : nil
            do {
                let outcome = try await counters.transact(stream, in: context) { try $0.count(by: step, upTo: 5) }
                guard outcome.state.value == expected else { return false }
                model[stream] = outcome.state.value
            } catch CounterError.limitReached {
                guard expected == nil else { return false }
            } catch is WrongExpectedRevision {
                return false
            }
        }
        return true
    }
}

/// Counts the reads of streams and commands.
private final class ReadCounter: ForwardingEventStore {
    let base: InMemoryEventStore
    private let count = Mutex(0)

    init(_ base: InMemoryEventStore) { self.base = base }

    var reads: Int { count.withLock(\.self) }

    func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand? {
        count.withLock { $0 += 1 }
        return try await base.handledCommand(id, in: tenant)
    }

    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        count.withLock { $0 += 1 }
        return try await base.read(stream, from: start, direction, limit: limit)
    }
}

private final class FaultyStore: ForwardingEventStore {
    let base: InMemoryEventStore
    private let fault: AggregateCacheTests.Fault
    private let seen = Mutex<[StreamName: [RecordedEvent]]>([:])

    init(_ base: InMemoryEventStore, _ fault: AggregateCacheTests.Fault) {
        self.base = base
        self.fault = fault
    }

    func append(_ append: Append) async throws -> AppendOutcome {
        guard fault == .uncheckedAppend else { return try await base.append(append) }
        return try await base.append(
            Append(append.streams.map { StreamAppend($0.events, to: $0.stream, expecting: .any) }, by: append.command))
    }

    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        let present = try await base.read(stream, from: start, direction, limit: limit)
        guard fault == .staleRead else { return present }
        return seen.withLock { seen in
            defer { seen[stream] = present }
            return seen[stream] ?? present
        }
    }
}
