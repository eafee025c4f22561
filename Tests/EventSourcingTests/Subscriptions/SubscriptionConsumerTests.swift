import EventSourcing
import EventSourcingTesting
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct SubscriptionConsumerTests {
    let events = InMemoryEventStore()
    let handled = Handled()

    private struct Broken: CategorizedError { let category: ErrorCategory }

    private func append(_ streams: [String]) async throws {
        for name in streams {
            let event = try NewEvent(
                id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: []),
                metadata: EventPayload(bytes: []))
            _ = try await events.append([event], to: StreamName("tests.thing.v1-core-\(name)"), expecting: .any)
        }
    }

    private func subscription() throws -> Subscription {
        var settings = SubscriptionSettings()
        settings.retryDelays = [.zero]
        return try Subscription(SubscriptionID("group"), on: .log(.all), settings: settings)
    }

    /// Runs consumers until `body` is done, then shuts them down.
    private func running(
        _ count: Int = 1, in store: any SubscriptionStore,
        configure: (inout SubscriptionConsumer.Configuration) -> Void = { _ in },
        handler: @escaping SubscriptionConsumer.Handler, _ body: () async throws -> Void,
        whileStopping: () async throws -> Void = {}
    ) async throws {
        var configuration = SubscriptionConsumer.Configuration()
        configuration.pollInterval = .milliseconds(10)
        configuration.longestPause = .milliseconds(10)
        configure(&configuration)
        let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let consumers = try (0..<count).map { _ in
            try SubscriptionConsumer(
                of: subscription(), in: store, appended: events.appended, configuration: configuration, logger: silent,
                handler: handler)
        }
        let group = ServiceGroup(services: consumers, logger: silent)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await whileStopping()
            try await tasks.waitForAll()
        }
    }

    @Test func `consumers handle what is in the log and what comes later, each stream in its order`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        let names = (0..<60).map { "\($0 % 7)" }
        try await append(names)
        try await running(3, in: store, configure: { $0.capacity = 5 }) { event, _ in
            handled.add(event)
        } _: {
            try await handled.wait(for: 60)
            try await append(["0", "1"])
            try await handled.wait(for: 62)
        }
        #expect(handled.all.count == 62)
        for (stream, revisions) in handled.byStream { #expect(revisions == revisions.sorted(), "\(stream)") }
        let info = try await store.info(SubscriptionID("group"))
        #expect((info.settled, info.inFlight, info.waiting, info.lag) == (62, 0, 0, 0))
        #expect(info.consumers.isEmpty)
    }

    @Test func `a stream is handled one event at a time, and several streams at once`() async throws {
        let present = Mutex<[StreamName: Int]>([:])
        let most = Mutex(0)
        let overlaps = Mutex(0)
        try await append((0..<40).map { "\($0 % 4)" })
        try await running(in: InMemorySubscriptionStore(on: events), configure: { $0.concurrency = 3 }) { event, _ in
            let streams = present.withLock { present in
                if present[event.stream, default: 0] > 0 { overlaps.withLock { $0 += 1 } }
                present[event.stream, default: 0] += 1
                return present.count
            }
            most.withLock { $0 = max($0, streams) }
            for _ in 0..<10 { await Task.yield() }
            present.withLock { $0[event.stream] = nil }
            handled.add(event)
        } _: {
            try await handled.wait(for: 40)
        }
        #expect(overlaps.withLock { $0 } == 0)
        #expect((2...3).contains(most.withLock { $0 }))
    }

    @Test func `an error decides by its category, and a verdict by itself`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        try await append(["transient", "poison", "skipped", "unknown", "poison", "transient"])
        try await running(in: store) { event, attempt in
            handled.add(event)
            switch event.stream.entityID {
            case "transient" where attempt < 3: throw Broken(category: .transient)
            case "unknown" where attempt < 2: throw CancellationError()
            case "poison": throw Broken(category: .poison)
            case "skipped": throw SubscriptionVerdict.skip
            default: break
            }
        } _: {
            // transient: thrice, then three times again; poison once, its second event never; skipped once; unknown twice.
            try await handled.wait(for: 10)
            while try await store.info(SubscriptionID("group")).settled < 4 { await Task.yield() }
        }
        #expect(handled.byStream["tests.thing.v1-core-transient"] == [0, 0, 0, 1, 1, 1])
        #expect(handled.byStream["tests.thing.v1-core-poison"] == [0])
        let info = try await store.info(SubscriptionID("group"))
        #expect((info.settled, info.parked, info.held) == (4, 1, 1))
    }

    @Test func `a fatal error stops the group until it is resumed`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        let isMended = Mutex(false)
        let id = try SubscriptionID("group")
        try await append(["a", "a"])
        try await running(in: store) { event, _ in
            guard isMended.withLock({ $0 }) else { throw Broken(category: .fatal) }
            handled.add(event)
        } _: {
            while try await store.subscriptions().first?.stopped == nil { await Task.yield() }
            #expect(handled.all.isEmpty)
            isMended.withLock { $0 = true }
            try await store.resume(id)
            try await handled.wait(for: 2)
        }
        #expect(try await store.info(id).settled == 2)
    }

    @Test func `shutting down finishes and settles what is at work, and gives the rest back`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        let id = try SubscriptionID("group")
        let gate = PositionSignal()
        let entered = PositionSignal()
        try await append(["a", "a", "b", "c"])
        try await running(in: store, configure: { $0.concurrency = 2 }) { event, _ in
            entered.advance(to: event.position)
            _ = try await gate.wait(until: Position(1), atMost: .seconds(60))
            handled.add(event)
        } _: {
            let areAtWork = try await entered.wait(until: Position(3), atMost: .seconds(60))
            #expect(areAtWork)
        } whileStopping: {
            while try await store.info(id).inFlight > 2 { await Task.yield() }
            gate.advance(to: Position(1))
        }
        #expect(Set(handled.all.map(\.position.rawValue)) == [1, 3])
        let info = try await store.info(id)
        #expect((info.settled, info.inFlight, info.waiting) == (2, 0, 2))
    }

    @Test func `lost calls and lost answers leave nothing out, and the order as it is`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        let id = try SubscriptionID("group")
        try await append((0..<300).map { "\($0 % 11)" })
        try await running(2, in: UnreliableStore(store), configure: { $0.capacity = 20 }) { event, _ in
            await Task.yield()
            handled.add(event)
        } _: {
            while try await store.subscriptions().first?.settled ?? 0 < 300 { await Task.yield() }
        }
        #expect(Set(handled.all.map(\.position)).count == 300)
        for (stream, revisions) in handled.byStream {
            let first = revisions.reduce(into: [Int64]()) { if !$0.contains($1) { $0.append($1) } }
            #expect(first == first.sorted(), "\(stream)")
        }
        #expect(try await store.info(id).settled == 300)
    }
}

/// What a handler has seen.
final class Handled: Sendable {
    private let events = Mutex<[RecordedEvent]>([])
    private let count = PositionSignal()

    var all: [RecordedEvent] { events.withLock { $0 } }

    var byStream: [String: [Int64]] {
        all.reduce(into: [:]) { $0[$1.stream.rawValue, default: []].append($1.revision.rawValue) }
    }

    func add(_ event: RecordedEvent) {
        let count = events.withLock { events in
            events.append(event)
            return events.count
        }
        self.count.advance(to: Position(Int64(count)))
    }

    func wait(for count: Int) async throws {
        let isThere = try await self.count.wait(until: Position(Int64(count)), atMost: .seconds(60))
        #expect(isThere)
    }
}

/// Fails every third exchange of each consumer: by turns before it has happened, and after.
final class UnreliableStore: SubscriptionStore {
    private struct Lost: Error {}

    private let base: InMemorySubscriptionStore
    private let calls = Mutex<[String: Int]>([:])

    init(_ base: InMemorySubscriptionStore) { self.base = base }

    func register(_ subscription: Subscription) async throws { try await base.register(subscription) }

    func exchange(_ exchange: SubscriptionExchange, in id: SubscriptionID) async throws -> SubscriptionHandout {
        let call = calls.withLock { calls in
            calls[exchange.consumer, default: 0] += 1
            return calls[exchange.consumer, default: 0]
        }
        if call % 6 == 3 { throw Lost() }
        let answer = try await base.exchange(exchange, in: id)
        if call % 6 == 0 { throw Lost() }
        return answer
    }
}
