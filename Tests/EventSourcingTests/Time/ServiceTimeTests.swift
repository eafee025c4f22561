import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// Deadlines, retries and pauses of services, in hours and days that a test lets pass.
@Suite(.timeLimit(.minutes(1))) struct ServiceTimeTests {
    private let clock = ManualClock()
    private let events: InMemoryEventStore
    private let subscriptions: InMemorySubscriptionStore
    private let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    init() {
        let clock = clock
        events = InMemoryEventStore(now: { clock.date })
        subscriptions = InMemorySubscriptionStore(on: events, now: { clock.date })
    }

    private struct Broken: Error {}

    private func append() async throws {
        let event = try NewEvent(
            id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: Array("{}".utf8)),
            metadata: EventPayload(bytes: Array("{}".utf8)))
        _ = try await events.append([event], to: StreamName("tests.thing.v1-core-1"), expecting: .any)
    }

    private func running(_ service: some Service, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await service.run() }
            try await body()
            tasks.cancelAll()
        }
    }

    @Test func `a handler is tried again after an hour and a day, not before, as its settings say`() async throws {
        var settings = SubscriptionSettings()
        settings.retryDelays = [.seconds(3_600), .seconds(86_400)]
        // Longer than time passes at once, so that no message is taken away from a handler that is at work.
        settings.messageTimeout = .seconds(7_200)
        var configuration = SubscriptionConsumer.Configuration()
        configuration.pollInterval = .seconds(1_800)
        let attempts = Mutex<[Duration]>([])
        let consumer = SubscriptionConsumer(
            of: try Subscription(SubscriptionID("group"), on: .log(.all), settings: settings), in: subscriptions,
            appended: events.appended, configuration: configuration, clock: clock.time, logger: silent
        ) { _, attempt in
            attempts.withLock { $0.append(clock.now.elapsed) }
            if attempt < 3 { throw Broken() }
        }
        try await append()
        try await running(consumer) {
            let group = try SubscriptionID("group")
            try await clock.advance {
                // Time passes only while no handler has the message.
                var info = try? await subscriptions.info(group)
                while let present = info, present.inFlight > 0 {
                    try await Task.sleep(for: .milliseconds(1))
                    info = try? await subscriptions.info(group)
                }
                return info?.settled == 1
            }
        }
        let times = attempts.withLock(\.self)
        try #require(times.count == 3)
        #expect(times[1] - times[0] >= .seconds(3_600) && times[2] - times[1] >= .seconds(86_400))
    }

    @Test func `a relay tries a sink that is down with growing pauses, and dates the outage`() async throws {
        let sink = RecordingSink()
        sink.isDown = true
        var configuration = Relay.Configuration()
        configuration.longestPause = .seconds(3_600)
        let relay = try Relay(
            to: sink, in: subscriptions, appended: events.appended, configuration: configuration, clock: clock.time,
            logger: silent)
        let start = clock.date
        try await append()
        try await running(relay) {
            try await clock.advance { sink.all.count == 10 }
            // 50 ms and so on, doubled eight times.
            #expect(clock.now.elapsed >= .milliseconds(50 * 511))
            guard case .unavailable(_, let since) = relay.state else {
                Issue.record("it is \(relay.state)")
                return
            }
            #expect(since >= start && since < clock.date)
            sink.isDown = false
            try await clock.advance { sink.delivered.all.count == 1 }
            #expect(relay.state == .running)
        }
    }

    @Test func `a projection that fails pauses longer each time, and notes since when it fails`() async throws {
        clock.date = Date(timeIntervalSince1970: 2_000_000_000)
        let target = ListingTarget(failures: 5)
        let runner = ProjectionRunner(
            reading: events, into: target, appended: events.appended, applied: PositionSignal(), clock: clock.time,
            logger: silent)
        try await append()
        try await running(runner) {
            try await clock.advance { target.stall != nil }
            let stall = try #require(target.stall)
            #expect(stall.since >= Date(timeIntervalSince1970: 2_000_000_000) && stall.since <= clock.date)
            try await clock.advance { target.positions == [1] }
            #expect(clock.now.elapsed >= .milliseconds(50 + 100 + 200 + 400 + 800))
        }
    }

    @Test func `a claim on a job expires by the clock`() async throws {
        let processed = InMemoryProcessedJobs(clock: clock.time)
        let job = ProcessedJobID("1", by: "tests")
        #expect(try await processed.begin(job, by: .v7(), for: .seconds(60)) == .new)
        clock.advance(by: .seconds(59))
        #expect(try await processed.begin(job, by: .v7(), for: .seconds(60)) == .inProgress)
        clock.advance(by: .seconds(1))
        #expect(try await processed.begin(job, by: .v7(), for: .seconds(60)) == .new)
    }

    @Test func `processed jobs are forgotten by the hour, when they are old`() async throws {
        let processed = InMemoryProcessedJobs(clock: clock.time)
        let job = ProcessedJobID("1", by: "tests")
        _ = try await processed.once(job) {}
        let purge = ProcessedJobsPurge(processed, olderThan: .seconds(7_000), clock: clock.time, logger: silent)
        try await running(purge) {
            try await clock.timers(1)
            clock.advanceToNextTimer()
            try await clock.timers(1)
            #expect(try await processed.begin(job, by: .v7(), for: .seconds(1)) == .done)
            clock.advanceToNextTimer()
            try await clock.timers(1)
            #expect(clock.now.elapsed == .seconds(7_200))
            #expect(try await processed.begin(job, by: .v7(), for: .seconds(1)) == .new)
        }
    }
}
