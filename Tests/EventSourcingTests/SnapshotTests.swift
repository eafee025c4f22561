import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// A sum whose snapshots are read by the same schema only.
private struct Sum: Snapshottable, Codable, Equatable {
    static let snapshotSchema = 2

    private(set) var total = 0
    private(set) var count = 0

    mutating func evolve(_ event: CounterEvent) {
        switch event {
        case .counted(let counted):
            total += counted.by
            count += 1
        }
    }
}

/// A store that counts the events that are read from it.
private final class CountingStore: ForwardingEventStore {
    let base = InMemoryEventStore()
    let eventsRead = Mutex(0)

    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        let events = try await base.read(stream, from: start, direction, limit: limit)
        eventsRead.withLock { $0 += events.count }
        return events
    }
}

@Suite(.timeLimit(.minutes(5))) struct SnapshotTests {
    private let store = CountingStore()
    private let stored = InMemorySnapshotStore()
    private let stream: StreamName
    private let context: MessageContext

    init() throws {
        stream = try StreamName("tests.counter.v1-core-1")
        context = MessageContext(tenant: stream.tenant, correlationID: "c", source: "tests", now: .now)
    }

    private func append(_ amounts: [Int]) async throws {
        let events = try amounts.map {
            try NewEvent(
                id: .v7(), type: EventType("tests.counter.counted.v1"), data: EventPayload(encoding: Counted(by: $0)),
                metadata: EventPayload(bytes: []))
        }
        _ = try await store.append(events, to: stream, expecting: .any)
    }

    /// Saves all snapshots that `body` has been the occasion for.
    private func saving(
        _ policy: SnapshotPolicy, cache: Int = 0, _ body: (Snapshots<Sum>, AggregateStore<Sum>) async throws -> Void
    ) async throws {
        let writer = SnapshotWriter(stored)
        let snapshots = Snapshots<Sum>(in: stored, policy: policy, writer: writer, cacheCapacity: cache)
        try await body(snapshots, AggregateStore<Sum>(store, snapshots: snapshots))
        await finish(writer)
    }

    private func finish(_ writer: SnapshotWriter) async {
        let group = ServiceGroup(
            services: [writer], gracefulShutdownSignals: [],
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        async let running: Void? = try? group.run()
        await group.triggerGracefulShutdown()
        _ = await running
    }

    @Test func `a state that stays in memory remembers its last snapshot`() async throws {
        let writer = SnapshotWriter(stored)
        let snapshots = Snapshots<Sum>(in: stored, policy: .events(3), writer: writer, cacheCapacity: 0)
        let sums = AggregateStore<Sum>(store, snapshots: snapshots, cache: AggregateCache())
        let context = MessageContext(
            tenant: stream.tenant, correlationID: "c", source: "tests", now: .init(timeIntervalSince1970: 0))
        for _ in 0..<7 { _ = try await sums.transact(stream, in: context) { _ in [.counted(Counted(by: 1))] } }
        await finish(writer)
        #expect(writer.counts.saved == 2)
    }

    @Test func `an aggregate of 10,000 events is loaded from one event and what follows the snapshot`() async throws {
        for _ in 0..<10 { try await append(Array(repeating: 1, count: 1_000)) }
        try await saving(.events(1_000)) { _, sums in
            let loaded = try await sums.load(stream)
            #expect(loaded.state.total == 10_000)
        }
        try await append([5, 6])
        store.eventsRead.withLock { $0 = 0 }
        try await saving(.events(1_000)) { snapshots, sums in
            let loaded = try await sums.load(stream)
            #expect(loaded.state.total == 10_011)
            #expect(loaded.revision == Revision(10_001))
            #expect(store.eventsRead.withLock { $0 } == 3)
            #expect(snapshots.counts.loadHits == 1)
        }
    }

    @Test func `a cached state is read on, not read again`() async throws {
        try await append(Array(repeating: 1, count: 100))
        try await saving(.never, cache: 10) { snapshots, sums in
            _ = try await sums.load(stream)
            store.eventsRead.withLock { $0 = 0 }
            let outcome = try await sums.transact(stream, in: context) { _ in [.counted(Counted(by: 7))] }
            #expect(outcome.state.total == 107)
            _ = try await sums.load(stream)
            #expect(store.eventsRead.withLock { $0 } == 2)
            #expect(snapshots.counts.cacheHits == 2)
            #expect(snapshots.counts.cacheMisses == 1)
        }
    }

    @Test func `the cache is bounded`() async throws {
        try await saving(.never, cache: 8) { snapshots, sums in
            for number in 0..<50 {
                let stream = try StreamName("tests.counter.v1-core-\(number)")
                _ = try await sums.transact(stream, in: context) { _ in [.counted(Counted(by: 1))] }
                #expect(snapshots.cachedCount <= 8)
            }
            #expect(snapshots.cachedCount >= 4)
        }
    }

    /// What can be wrong with a snapshot.
    enum Fault: CaseIterable {
        case damaged, otherSchema, otherEvent, otherPosition, beyondTheEnd, undecodable, foreign
    }

    @Test(arguments: Fault.allCases)
    func `a wrong snapshot is discarded, and decides nothing`(_ fault: Fault) async throws {
        try await append([1, 2, 3])
        let events = try await store.base.read(stream, from: nil, .forwards, limit: 9)
        let (revision, event) = (Revision(1), events[1])
        let lie = EventPayload(bytes: Array(#"{"count":2,"total":999}"#.utf8))
        var (schema, position, id, last) = (Sum.snapshotSchema, event.position, event.id, revision)
        var (state, name) = (lie, stream)
        switch fault {
        case .damaged: break
        case .otherSchema: schema = 1
        case .otherEvent: id = .v7()
        case .otherPosition: position = Position(9)
        case .beyondTheEnd: last = Revision(7)
        case .undecodable: state = EventPayload(bytes: [0x7b])
        case .foreign: name = try StreamName("tests.counter.v1-core-2")
        }
        let made = Snapshot(
            stream: name, schema: schema, revision: last, position: position, eventID: id, state: state, takenAt: .now)
        let found = fault == .damaged ? made.damaged() : made
        let planted = PlantedSnapshots(found)
        let snapshots = Snapshots<Sum>(in: planted, policy: .never, writer: SnapshotWriter(planted))
        let sums = AggregateStore<Sum>(store, snapshots: snapshots)
        let outcome = try await sums.transact(stream, in: context) { sum in
            #expect(sum.total == 6)
            return [.counted(Counted(by: 1))]
        }
        #expect(outcome.state.total == 7)
        #expect(snapshots.counts.discarded == 1)
        #expect(planted.isDeleted.withLock { $0 })
    }

    @Test(arguments: 0..<40)
    func `with and without snapshots the state is the same at every moment`(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let plain = AggregateStore<Sum>(store)
        let policies: [SnapshotPolicy] = [
            .events(1), .events(3).or(.stateSize(atLeast: 30)), .events(2).and(.stateSize(atMost: 26)), .never,
        ]
        for _ in 0..<6 {
            let policy = policies.randomElement(using: &random)!
            let cache = Int.random(in: 0...2, using: &random)
            var amounts: [[Int]] = []
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                amounts.append(
                    (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: -9...9, using: &random) })
            }
            try await saving(policy, cache: cache) { [amounts] _, sums in
                for (number, amounts) in amounts.enumerated() {
                    let (expected, found) = (try await plain.load(stream), try await sums.load(stream))
                    #expect(found.state == expected.state)
                    #expect(found.revision == expected.revision)
                    if number % 2 == 0 {
                        try await append(amounts)
                    } else {
                        _ = try await sums.transact(stream, in: context) { state in
                            #expect(state == expected.state)
                            return amounts.map { .counted(Counted(by: $0)) }
                        }
                    }
                }
                guard let last = try await plain.load(stream).revision else { return }
                for revision in 0...last.rawValue {
                    let moment = Moment.revision(Revision(revision))
                    let (expected, found) = (
                        try await plain.load(stream, asOf: moment), try await sums.load(stream, asOf: moment)
                    )
                    #expect(found.state == expected.state)
                    #expect(expected.revision == Revision(revision))
                }
            }
        }
    }

    @Test func `the state as of a time has what had been recorded by then`() async throws {
        let clock = Mutex(Date(timeIntervalSince1970: 1_000))
        let store = InMemoryEventStore(now: { clock.withLock { $0 } })
        let sums = AggregateStore<Sum>(store)
        for second in 1...3 {
            clock.withLock { $0 = Date(timeIntervalSince1970: Double(second)) }
            _ = try await sums.transact(stream, in: context) { _ in [.counted(Counted(by: second))] }
        }
        for (time, total) in [(0.5, 0), (1, 1), (2.5, 3), (9, 6)] {
            let loaded = try await sums.load(stream, asOf: .time(Date(timeIntervalSince1970: time)))
            #expect(loaded.state.total == total)
        }
    }

    @Test func `a snapshot store that fails neither fails nor changes a command`() async throws {
        let failing = FailingSnapshots()
        let writer = SnapshotWriter(failing, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let snapshots = Snapshots<Sum>(in: failing, policy: .events(1), writer: writer, cacheCapacity: 0)
        let sums = AggregateStore<Sum>(store, snapshots: snapshots)
        for amount in 1...3 {
            _ = try await sums.transact(stream, in: context) { _ in [.counted(Counted(by: amount))] }
        }
        await finish(writer)
        #expect(try await sums.load(stream).state.total == 6)
        #expect(writer.counts.failed >= 3)
        #expect(writer.counts.saved == 0)
    }

    @Test func `when too many snapshots wait the oldest are dropped, and shutdown saves the rest`() async throws {
        let writer = SnapshotWriter(stored, capacity: 3)
        let snapshots = Snapshots<Sum>(in: stored, policy: .events(1), writer: writer, cacheCapacity: 0)
        let sums = AggregateStore<Sum>(store, snapshots: snapshots)
        for amount in 1...5 {
            _ = try await sums.transact(stream, in: context) { _ in [.counted(Counted(by: amount))] }
        }
        await finish(writer)
        #expect(writer.counts.saved == 3)
        #expect(writer.counts.dropped > 0)
        #expect(try await stored.latest(of: stream)?.revision == Revision(4))
    }

    @Test(arguments: SnapshotStoreContract.clauses)
    func `snapshots in memory keep the contract`(_ clause: SnapshotStoreContract.Clause) async throws {
        try await clause.check(InMemorySnapshotStore())
    }
}

/// A store that has one snapshot, whatever it is asked for.
private final class PlantedSnapshots: SnapshotStore {
    private let snapshot: Snapshot
    let isDeleted = Mutex(false)

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    func latest(of stream: StreamName) async throws -> Snapshot? { snapshot }
    func save(_ snapshot: Snapshot) async throws {}
    func delete(of stream: StreamName) async throws { isDeleted.withLock { $0 = true } }
}

private struct FailingSnapshots: SnapshotStore {
    struct Failure: Error {}

    func latest(of stream: StreamName) async throws -> Snapshot? { throw Failure() }
    func save(_ snapshot: Snapshot) async throws { throw Failure() }
    func delete(of stream: StreamName) async throws { throw Failure() }
}

extension Snapshot {
    /// With another state than its checksum is for.
    fileprivate func damaged() -> Snapshot {
        let other = Snapshot(
            stream: stream, schema: schema, revision: revision, position: position, eventID: eventID,
            state: EventPayload(bytes: state.bytes + [0x20]), takenAt: takenAt)
        return Snapshot(
            stored: stream, schema: schema, revision: revision, position: position, eventID: eventID, state: state,
            takenAt: takenAt, checksum: other.checksum)
    }
}
