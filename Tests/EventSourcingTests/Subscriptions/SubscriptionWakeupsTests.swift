import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct SubscriptionWakeupsTests {
    private let events = InMemoryEventStore()
    private let handled = Handled()
    private static let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// Counts the exchanges of each group.
    private final class CountingStore: SubscriptionStore {
        private let base: InMemorySubscriptionStore
        private let counts = Mutex<[SubscriptionID: Int]>([:])
        let exchanges = PositionSignal()

        init(_ base: InMemorySubscriptionStore) { self.base = base }

        subscript(_ id: SubscriptionID) -> Int { counts.withLock { $0[id, default: 0] } }
        var total: Int { counts.withLock { $0.values.reduce(0, +) } }

        func register(_ subscription: Subscription) async throws { try await base.register(subscription) }

        func exchange(
            _ exchange: SubscriptionExchange, in id: SubscriptionID
        ) async throws -> SubscriptionHandout {
            counts.withLock { $0[id, default: 0] += 1 }
            defer { exchanges.advance(to: Position(Int64(total))) }
            return try await base.exchange(exchange, in: id)
        }
    }

    private func append(_ type: String, to entity: String = "1") async throws {
        let event = try NewEvent(
            id: .v7(), type: EventType(type), data: EventPayload(bytes: []), metadata: EventPayload(bytes: []))
        _ = try await events.append([event], to: StreamName("tests.thing.v1-core-\(entity)"), expecting: .any)
    }

    private func id(_ number: Int) throws -> SubscriptionID { try SubscriptionID("group\(number)") }

    /// Runs a consumer for each group, of which each is on a type of its own, and waits until all have asked.
    private func running(
        _ groups: Int, _ store: InMemorySubscriptionStore, appended: PositionSignal? = nil,
        handler: @escaping SubscriptionConsumer.Handler, _ body: (CountingStore) async throws -> Void
    ) async throws {
        let counting = CountingStore(store)
        let wakeups = SubscriptionWakeups(
            reading: events, appended: appended ?? events.appended, changes: store, pollInterval: .milliseconds(20),
            logger: Self.silent)
        var configuration = SubscriptionConsumer.Configuration()
        configuration.pollInterval = .milliseconds(10)
        let consumers = try (0..<groups).map { number in
            var settings = SubscriptionSettings()
            settings.retryDelays = [.zero]
            settings.maxAttempts = 3
            return SubscriptionConsumer(
                of: try Subscription(
                    id(number), on: .log(LogFilter(types: [try EventType("tests.thing.happened\(number).v1")])),
                    settings: settings),
                in: counting, appended: appended ?? events.appended, wakeups: wakeups, configuration: configuration,
                logger: Self.silent, handler: handler)
        }
        let group = ServiceGroup(services: [wakeups] + consumers, logger: Self.silent)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            for number in 0..<groups {
                while counting[try id(number)] == 0 { try await Task.sleep(for: .milliseconds(1)) }
            }
            // The first event of each may find its consumer still on the way: let it come to rest.
            try await append("tests.thing.happened0.v1")
            try await handled.wait(for: 1)
            try await body(counting)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `an event wakes the group that receives it, and none of a thousand others`() async throws {
        try await running(1_000, InMemorySubscriptionStore(on: events)) { event, _ in
            handled.add(event)
        } _: { store in
            let before = try (1..<1_000).map { store[try id($0)] }
            for count in 2...50 {
                try await append("tests.thing.happened0.v1")
                try await handled.wait(for: count)
            }
            let after = try (1..<1_000).map { store[try id($0)] }
            // The reader wakes all once when it begins, perhaps only now.
            #expect(zip(before, after).allSatisfy { $1 - $0 <= 1 })
            try await append("tests.thing.happened7.v1")
            try await handled.wait(for: 51)
            #expect(handled.all.last?.type.rawValue == "tests.thing.happened7.v1")
        }
    }

    @Test func `an event that nobody has announced is found`() async throws {
        try await running(3, InMemorySubscriptionStore(on: events), appended: PositionSignal()) { event, _ in
            handled.add(event)
        } _: { _ in
            try await append("tests.thing.happened2.v1")
            try await handled.wait(for: 2)
        }
    }

    @Test func `what failed is tried again, and what was parked comes when it is replayed`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        let attempts = PositionSignal()
        let isBroken = Atomic(true)
        try await running(2, store) { event, attempt in
            guard event.type.rawValue == "tests.thing.happened1.v1", isBroken.load(ordering: .relaxed) else {
                return handled.add(event)
            }
            attempts.advance(to: Position(Int64(attempt)))
            throw SubscriptionVerdict.retry(reason: "not yet")
        } _: { _ in
            try await append("tests.thing.happened1.v1")
            #expect(try await attempts.wait(until: Position(3), atMost: .seconds(60)))
            while try await store.info(id(1)).parked == 0 { try await Task.sleep(for: .milliseconds(1)) }
            isBroken.store(false, ordering: .relaxed)
            #expect(try await store.replay(.all, in: id(1)) == 1)
            try await handled.wait(for: 2)
        }
    }
}
