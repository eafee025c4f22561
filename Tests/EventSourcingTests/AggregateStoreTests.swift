import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Testing

@Suite struct AggregateStoreTests {
    let store = InMemoryEventStore()
    let counters: AggregateStore<Counter>
    let stream: StreamName
    let context: MessageContext

    init() throws {
        counters = AggregateStore(store)
        stream = try StreamName("tests.counter.v1-core-1")
        context = MessageContext(
            tenant: stream.tenant, correlationID: "request-1", causationID: "command-1", commandID: "command-1",
            user: User(id: "u1"), source: "tests", now: Date(timeIntervalSince1970: 1_700_000_000.25))
    }

    @Test func `a transaction folds, decides and appends`() async throws {
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 2) }
        let outcome = try await counters.transact(stream, in: context) { try $0.count(by: 3) }
        #expect(outcome.state.value == 5)
        #expect(outcome.revision == Revision(1))
        #expect(outcome.position == Position(2))
        let loaded = try await counters.load(stream)
        #expect(loaded.state == outcome.state)
        #expect(loaded.revision == outcome.revision)
    }

    @Test func `an event carries the context of its command`() async throws {
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        let record = try #require(try await store.read(stream, from: nil, .forwards, limit: 1).first)
        let expected = EventMetadata(
            correlationID: "request-1", causationID: "command-1", commandID: "command-1", user: User(id: "u1"),
            source: "tests", occurredAt: Date(timeIntervalSince1970: 1_700_000_000.25))
        #expect(try record.decodeMetadata() == expected)
        #expect(record.type.rawValue == "tests.counter.counted.v1")
    }

    @Test func `a stream that is presumed new is not read, unless it is there`() async throws {
        _ = try await counters.transact(stream, in: context, presumingNew: true) { try $0.count(by: 2) }
        var seen: [Int] = []
        let outcome = try await counters.transact(stream, in: context, presumingNew: true) { counter in
            seen.append(counter.value)
            return try counter.count(by: 3)
        }
        #expect(seen == [0, 2])
        #expect(outcome.state.value == 5)
        #expect(outcome.revision == Revision(1))
        let nothing = try await counters.transact(stream, in: context, presumingNew: true) { try $0.count(by: 0) }
        #expect(nothing.state.value == 5)
        let insisting = try await counters.transact(
            stream, in: context, expecting: .exactly(Revision(1)), presumingNew: true
        ) { try $0.count(by: 1) }
        #expect(insisting.state.value == 6)
    }

    @Test func `deciding nothing writes nothing and answers where the stream is`() async throws {
        let first = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        let second = try await counters.transact(stream, in: context) { try $0.count(by: 0) }
        #expect(second.revision == first.revision)
        #expect(second.position == first.position)
        #expect(try await store.head() == Position(1))
    }

    @Test func `streams that are begun together are all there, in their order`() async throws {
        let streams = try (1...3).map { (stream: try StreamName("tests.counter.v1-core-new\($0)"), value: $0) }
        let begun = try await counters.begin(
            try streams.map { ($0.stream, try Counter().count(by: $0.value)) }, in: context)
        #expect(begun.outcome.position == Position(3))
        for (stream, value) in streams {
            let loaded = try await counters.load(stream)
            #expect(loaded.state.value == value)
            #expect(loaded.position == Position(Int64(value)))
            #expect(begun.states[stream]?.state == loaded.state)
            #expect(begun.outcome.revisions[stream] == .first)
        }
        let record = try #require(try await store.read(streams[0].stream, from: nil, .forwards, limit: 1).first)
        #expect(try record.decodeMetadata().correlationID == "request-1")
    }

    @Test func `of streams that are begun together none is there when one existed`() async throws {
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        let other = try StreamName("tests.counter.v1-core-2")
        let events = try Counter().count(by: 1)
        await #expect(throws: WrongExpectedRevision(stream: stream, expected: .noStream, actual: .first)) {
            try await counters.begin([(other, events), (stream, events)], in: context)
        }
        #expect(try await store.head() == Position(1))
        let foreign = try StreamName("tests.counter.v1-other-1")
        await #expect(throws: TenantMismatch.self) { try await counters.begin([(foreign, events)], in: context) }
    }

    @Test func `a refused decision writes nothing`() async throws {
        await #expect(throws: CounterError.limitReached) {
            try await counters.transact(stream, in: context) { try $0.count(by: 5, upTo: 4) }
        }
        #expect(try await store.head() == .start)
    }

    @Test func `an expectation that is not met is refused before deciding`() async throws {
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        let conflict = WrongExpectedRevision(stream: stream, expected: .exactly(Revision(7)), actual: .first)
        await #expect(throws: conflict) {
            try await counters.transact(stream, in: context, expecting: .exactly(Revision(7))) { _ in
                Issue.record("must not decide")
                return []
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `concurrent transactions on one stream all take effect, one after another`() async throws {
        let patient = AggregateStore<Counter>(store, retries: 100)
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { _ = try await patient.transact(stream, in: context) { try $0.count(by: 1) } }
            }
            try await group.waitForAll()
        }
        #expect(try await counters.load(stream).state.value == 50)
        #expect(try await store.head() == Position(50))
    }

    @Test func `a conflict is decided again on the new state, a bounded number of times`() async throws {
        let rude = RudeStore(store)
        let outcome = try await AggregateStore<Counter>(rude, retries: 3)
            .transact(stream, in: context) { try $0.count(by: 1) }
        #expect(outcome.state.value == 1 + RudeStore.interruptions)
        await #expect(throws: WrongExpectedRevision.self) {
            try await AggregateStore<Counter>(RudeStore(store), retries: RudeStore.interruptions - 1)
                .transact(stream, in: context) { try $0.count(by: 1) }
        }
    }

    @Test func `a command that comes again writes nothing, and is answered as the first time`() async throws {
        let command = try CommandKey(id: "count-1", requestHash: [1])
        let first = try await counters.transact(stream, in: context, by: command) { try $0.count(by: 2) }
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 5) }
        let again = try await counters.transact(stream, in: context, by: command) { try $0.count(by: 2) }
        #expect(try await store.head() == Position(2))
        #expect(!first.isRepetition)
        #expect(again.isRepetition)
        #expect(again.state == first.state)
        #expect(again.revision == first.revision)
        #expect(again.position == first.position)
        await #expect(throws: CommandIDReused(commandID: "count-1")) {
            try await counters.transact(stream, in: context, by: CommandKey(id: "count-1", requestHash: [2])) {
                try $0.count(by: 1)
            }
        }
    }

    @Test func `a command that decided nothing is handled, and decides nothing later either`() async throws {
        let command = try CommandKey(id: "nothing", requestHash: [])
        _ = try await counters.transact(stream, in: context, by: command) { _ in [] }
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 5) }
        let again = try await counters.transact(stream, in: context, by: command) { try $0.count(by: 1) }
        #expect(again.isRepetition)
        #expect(again.revision == nil)
        #expect(again.state == Counter())
    }

    @Test func `a refusal that is kept is told again, though the state has changed`() async throws {
        let command = try CommandKey(id: "too-much", requestHash: [1])
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 2) }
        let first = try await counters.transact(stream, in: context, by: command) {
            try $0.countOrRefuse(by: 5, upTo: 4)
        }
        #expect(first.commandOutcome == Array("limit reached".utf8))
        #expect(first.revision == .first)
        #expect(try await store.head() == Position(1))
        _ = try await counters.transact(stream, in: context) { try $0.count(by: 1) }
        let again = try await counters.transact(stream, in: context, by: command) { counter in
            Decision(try counter.count(by: 1))
        }
        #expect(again.isRepetition)
        #expect(again.commandOutcome == first.commandOutcome)
        #expect(again.state == first.state)
        #expect(again.revision == first.revision)
        #expect(again.position == first.position)
    }

    @Test func `a refusal is decided again when somebody else was first`() async throws {
        let command = try CommandKey(id: "too-much", requestHash: [1])
        let outcome = try await AggregateStore<Counter>(RudeStore(store)).transact(stream, in: context, by: command) {
            $0.value == RudeStore.interruptions ? Decision(keeping: [1]) : Decision(keeping: [2])
        }
        #expect(outcome.commandOutcome == [1])
        #expect(try await store.handledCommand("too-much", in: stream.tenant)?.outcome.commandOutcome == [1])
    }

    @Test func `a command that was sent to a new stream each time is answered with the first one`() async throws {
        let command = try CommandKey(id: "create", requestHash: [1])
        let first = try await counters.transact(stream, in: context, by: command) {
            Decision(try $0.count(by: 3), keeping: [7])
        }
        let other = try StreamName("tests.counter.v1-core-2")
        let again = try await counters.transact(other, in: context, by: command) { try $0.count(by: 3) }
        #expect(first.stream == stream)
        #expect(again.stream == stream)
        #expect(again.state == first.state)
        #expect(again.commandOutcome == [7])
        #expect(try await counters.load(other).revision == nil)
    }

    @Test func `an event that names a sequence is numbered`() async throws {
        let tickets = AggregateStore<Tickets>(store)
        for _ in 0..<2 {
            _ = try await tickets.transact(stream, in: context) { _ in [.sold(to: "a"), .returned] }
        }
        let records = try await store.read(stream, from: nil, .forwards, limit: 9)
        #expect(records.map(\.number) == [1, nil, 2, nil])
    }

    @Test func `a stream of another tenant is refused`() async throws {
        let theirs = try StreamName("tests.counter.v1-theirs-1")
        await #expect(throws: TenantMismatch.self) {
            try await counters.transact(theirs, in: context) { try $0.count(by: 1) }
        }
    }

    @Test func `a redacted event counts as a revision, and not in the state`() async throws {
        for amount in [2, 3] { _ = try await counters.transact(stream, in: context) { try $0.count(by: amount) } }
        _ = try await store.redact(.first, of: stream, reason: "asked for", in: context)
        let loaded = try await counters.load(stream)
        #expect(loaded.state.value == 3)
        #expect(loaded.revision == Revision(1))
    }

    @Test func `an event of an unknown type is an error that names it`() async throws {
        let unknown = try NewEvent(
            id: UUID.v7(), type: EventType("tests.counter.forgotten.v1"), data: EventPayload(bytes: []),
            metadata: EventPayload(bytes: []))
        _ = try await store.append([unknown], to: stream, expecting: .any)
        let error = await #expect(throws: UndecodableEvent.self) { try await counters.load(stream) }
        #expect(error?.description.contains("tests.counter.forgotten.v1, position 1") == true)
    }
}

extension Counter {
    /// Counts, or keeps the refusal in words.
    fileprivate func countOrRefuse(by step: Int, upTo limit: Int) throws -> Decision<CounterEvent> {
        do {
            return Decision(try count(by: step, upTo: limit))
        } catch CounterError.limitReached {
            return Decision(keeping: Array("limit reached".utf8))
        }
    }
}

/// A store in which somebody else writes to the stream first, two times.
private final class RudeStore: ForwardingEventStore {
    static let interruptions = 2

    let base: InMemoryEventStore
    private let left = Counting(from: interruptions)

    init(_ base: InMemoryEventStore) { self.base = base }

    func append(_ append: Append) async throws -> AppendOutcome {
        if left.countDown() {
            let event = try NewEvent(
                id: UUID.v7(), type: EventType("tests.counter.counted.v1"),
                data: EventPayload(encoding: Counted(by: 1)), metadata: EventPayload(bytes: []))
            _ = try await base.append([event], to: append.streams[0].stream, expecting: .any)
        }
        return try await base.append(append)
    }
}
