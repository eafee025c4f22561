import EventSourcing
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct RelayTests {
    let events = InMemoryEventStore()

    private func append(_ streams: [String]) async throws {
        for name in streams {
            let event = try NewEvent(
                id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: Array("{}".utf8)),
                metadata: EventPayload(bytes: Array("{}".utf8)))
            _ = try await events.append([event], to: StreamName("tests.thing.v1-core-\(name)"), expecting: .any)
        }
    }

    /// Runs relays of a sink until `body` is done, then shuts them down.
    private func running(
        _ count: Int = 1, to sink: any EventSink, in store: any SubscriptionStore, batchSize: Int = 500,
        maxAttempts: Int = 10, _ body: ([Relay]) async throws -> Void
    ) async throws {
        var configuration = Relay.Configuration()
        configuration.batchSize = batchSize
        configuration.pollInterval = .milliseconds(10)
        configuration.longestPause = .milliseconds(10)
        var settings = SubscriptionSettings()
        settings.retryDelays = [.zero]
        settings.maxAttempts = maxAttempts
        let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let relays = try (0..<count).map { _ in
            try Relay(
                to: sink, in: store, appended: events.appended, settings: settings, configuration: configuration,
                logger: silent)
        }
        let group = ServiceGroup(services: relays, logger: silent)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body(relays)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func settled(_ count: Int64, in store: InMemorySubscriptionStore) async throws {
        while try await store.subscriptions().first?.settled ?? 0 < count { await Task.yield() }
    }

    @Test func `many events go in one call, those of a stream in their order, and later ones follow`() async throws {
        let sink = RecordingSink()
        let store = InMemorySubscriptionStore(on: events)
        try await append((0..<100).map { "\($0 % 7)" })
        try await running(to: sink, in: store, batchSize: 40) { _ in
            try await settled(100, in: store)
            try await append(["0", "new"])
            try await settled(102, in: store)
        }
        #expect(sink.all.prefix(3).map(\.count) == [40, 40, 20])
        #expect(sink.delivered.all.map(\.position.rawValue) == Array(1...102))
        let info = try await store.info(SubscriptionID("sink"))
        #expect((info.inFlight, info.waiting, info.lag) == (0, 0, 0))
        #expect(info.consumers.isEmpty)
    }

    @Test func `relays that compete share the events and keep each stream in its order`() async throws {
        let sink = RecordingSink()
        let store = InMemorySubscriptionStore(on: events)
        try await running(3, to: sink, in: store, batchSize: 5) { _ in
            try await append((0..<200).map { "\($0 % 9)" })
            try await settled(200, in: store)
        }
        #expect(Set(sink.delivered.all.map(\.position)).count == 200 && sink.delivered.all.count == 200)
        for (stream, revisions) in sink.delivered.byStream { #expect(revisions == revisions.sorted(), "\(stream)") }
    }

    @Test func `a failure holds up its own stream, and only its own attempts are counted`() async throws {
        let sink = RecordingSink { delivery in
            delivery.event.stream.entityID == "a" && delivery.event.revision == .first && delivery.attempt < 3
                ? .retry(reason: "not yet") : .acknowledge
        }
        let store = InMemorySubscriptionStore(on: events)
        try await append(["a", "a", "b", "a"])
        try await running(to: sink, in: store) { _ in try await settled(4, in: store) }
        #expect(sink.delivered.byStream["tests.thing.v1-core-a"] == [0, 1, 2])
        let attempts = sink.all.joined().map { "\($0.event.stream.entityID)\($0.event.revision)#\($0.attempt)" }
        #expect(Set(attempts) == ["a0#1", "a0#2", "a0#3", "a1#1", "a2#1", "b0#1"])
    }

    @Test func `a sink that is down costs no attempt and no event, and the relay says so`() async throws {
        let sink = RecordingSink()
        sink.isDown = true
        let store = InMemorySubscriptionStore(on: events)
        try await append((0..<30).map { "\($0 % 4)" })
        // With one attempt, a single one that was counted would park the event.
        try await running(2, to: sink, in: store, maxAttempts: 1) { relays in
            #expect(relays[0].state == .running)
            while sink.all.count < 12 { await Task.yield() }
            guard case .unavailable("nobody answers", _)? = relays.map(\.state).first(where: { $0 != .running }) else {
                Issue.record("no relay is unavailable: \(relays.map(\.state))")
                return
            }
            #expect(try await store.info(SubscriptionID("sink")).parked == 0)
            sink.isDown = false
            try await settled(30, in: store)
            // Each relay learns it from the next event that it sends.
            while relays.contains(where: { $0.state != .running }) {
                try await append(["0"])
                try await settled(events.head().rawValue, in: store)
            }
        }
        #expect(sink.all.joined().allSatisfy { $0.attempt == 1 })
        // Once it has failed, a relay tries with one event.
        #expect(sink.all.prefix(12).filter { $0.count > 1 }.count <= 2)
        for (stream, revisions) in sink.delivered.byStream {
            #expect(revisions == Array(0..<Int64(revisions.count)), "\(stream)")
        }
    }

    @Test func `what is down when the relay is shut down stays for the next one`() async throws {
        let sink = RecordingSink()
        sink.isDown = true
        let store = InMemorySubscriptionStore(on: events)
        try await append(["a", "b"])
        try await running(to: sink, in: store) { _ in while sink.all.isEmpty { await Task.yield() } }
        let info = try await store.info(SubscriptionID("sink"))
        #expect((info.waiting, info.inFlight, info.settled) == (2, 0, 0))
        sink.isDown = false
        try await running(to: sink, in: store) { _ in try await settled(2, in: store) }
    }

    @Test func `a verdict stops the relay until an administrator resumes it`() async throws {
        let isMended = Mutex(false)
        let sink = RecordingSink { _ in isMended.withLock { $0 } ? .acknowledge : .stop(reason: "no disk") }
        let store = InMemorySubscriptionStore(on: events)
        try await append(["a", "a"])
        try await running(to: sink, in: store) { relays in
            while relays[0].state != .stopped(reason: "no disk") { await Task.yield() }
            isMended.withLock { $0 = true }
            try await store.resume(relays[0].subscription.id)
            try await settled(2, in: store)
            while relays[0].state != .running { await Task.yield() }
        }
        #expect(sink.all.joined().allSatisfy { $0.attempt == 1 })
    }

    @Test func `lost calls and lost answers leave nothing out, and the order as it is`() async throws {
        let sink = RecordingSink()
        let store = InMemorySubscriptionStore(on: events)
        try await append((0..<300).map { "\($0 % 11)" })
        try await running(2, to: sink, in: UnreliableStore(store), batchSize: 20) { _ in
            try await settled(300, in: store)
        }
        #expect(Set(sink.delivered.all.map(\.position)).count == 300)
        for (stream, revisions) in sink.delivered.byStream {
            let first = revisions.reduce(into: [Int64]()) { if !$0.contains($1) { $0.append($1) } }
            #expect(first == first.sorted(), "\(stream)")
        }
    }

    private struct Forgetful: EventSink {
        let name = "forgetful"
        let filter = LogFilter.all

        func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] { [] }
    }

    @Test func `a sink that returns too few verdicts is unavailable`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        try await append(["a"])
        try await running(to: Forgetful(), in: store) { relays in
            while relays[0].state == .running { await Task.yield() }
            guard case .unavailable("it returned 0 verdicts on 1 events", _) = relays[0].state else {
                Issue.record("\(relays[0].state)")
                return
            }
        }
        #expect(try await store.subscriptions().map(\.settled) == [0])
    }
}
