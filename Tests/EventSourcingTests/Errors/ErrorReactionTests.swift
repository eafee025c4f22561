import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

/// What each component does about each category of error.
@Suite(.timeLimit(.minutes(5))) struct ErrorReactionTests {
    private struct Failure: CategorizedError { let category: ErrorCategory }

    private let events = InMemoryEventStore()
    private let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// One event each of the streams `a` and `b`.
    private func append() async throws {
        for name in ["a", "b"] {
            let event = try NewEvent(
                id: .v7(), type: EventType("tests.thing.happened.v1"), data: EventPayload(bytes: []),
                metadata: EventPayload(bytes: []))
            _ = try await events.append([event], to: StreamName("tests.thing.v1-core-\(name)"), expecting: .any)
        }
    }

    private func running(_ service: any Service, _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: [service], logger: silent)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test(arguments: [
        (ErrorCategory.validation, ErrorReaction.park, ErrorReaction.refuse), (.conflict, .retry, .retry),
        (.transient, .retry, .retry), (.poison, .park, .refuse), (.fatal, .stop, .stop),
    ])
    func `the table`(category: ErrorCategory, ofMessage: ErrorReaction, toSender: ErrorReaction) {
        #expect(category.reaction == ofMessage && category.answer == toSender)
        #expect(ErrorCategory(of: Failure(category: category)) == category)
    }

    @Test func `an error without a category may pass`() {
        #expect(ErrorCategory(of: CancellationError()) == .transient)
    }

    // MARK: Subscriptions

    @Test(arguments: ErrorCategory.allCases)
    func `a subscription retries, parks or stops`(category: ErrorCategory) async throws {
        let store = InMemorySubscriptionStore(on: events)
        var settings = SubscriptionSettings()
        settings.retryDelays = [.zero]
        settings.maxAttempts = 2
        let id = try SubscriptionID("group")
        let subscription = try Subscription(id, on: .log(.all), settings: settings)
        try await store.register(subscription)
        let calls = Mutex(0)
        let consumer = SubscriptionConsumer(
            of: subscription, in: store, appended: events.appended, configuration: .impatient, logger: silent
        ) { event, _ in
            guard event.stream.entityID == "a" else { return }
            calls.withLock { $0 += 1 }
            throw Failure(category: category)
        }
        try await append()
        try await running(consumer) {
            switch category.reaction {
            case .stop:
                while try await store.info(id).stopped == nil { await Task.yield() }
                #expect(try await store.info(id).parked == 0)
            case .retry, .park, .refuse:
                while try await store.info(id).parked == 0 { await Task.yield() }
                #expect(calls.withLock { $0 } == (category.reaction == .retry ? 2 : 1))
            }
        }
    }

    // MARK: Relays

    private struct FailingSink: EventSink {
        let category: ErrorCategory
        let isMended: Flag
        let name = "sink"
        let filter = LogFilter.all

        func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
            if !isMended.isSet { throw Failure(category: category) }
            return deliveries.map { _ in .acknowledge }
        }
    }

    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isSet: Bool { value.withLock { $0 } }
        func set() { value.withLock { $0 = true } }
    }

    @Test(arguments: ErrorCategory.allCases)
    func `a relay whose sink throws retries, parks or stops`(category: ErrorCategory) async throws {
        let store = InMemorySubscriptionStore(on: events)
        let isMended = Flag()
        var configuration = Relay.Configuration()
        configuration.pollInterval = .milliseconds(10)
        configuration.longestPause = .milliseconds(10)
        let relay = try Relay(
            to: FailingSink(category: category, isMended: isMended), in: store, appended: events.appended,
            configuration: configuration, logger: silent)
        let id = relay.subscription.id
        try await store.register(relay.subscription)
        try await append()
        try await running(relay) {
            switch category.reaction {
            case .stop:
                while try await store.info(id).stopped == nil { await Task.yield() }
                isMended.set()
                try await store.resume(id)
                while try await store.info(id).settled < 2 { await Task.yield() }
            case .park, .refuse:
                while try await store.info(id).parked < 2 { await Task.yield() }
            case .retry:
                while relay.state == .running { await Task.yield() }
                #expect(try await store.info(id).parked == 0)
                isMended.set()
                while try await store.info(id).settled < 2 { await Task.yield() }
            }
        }
    }

    // MARK: Projections

    @Test(arguments: ErrorCategory.allCases)
    func `a projection retries, parks or stops`(category: ErrorCategory) async throws {
        let target = ListingTarget(failing: 1, with: Failure(category: category))
        let applied = PositionSignal()
        var configuration = ProjectionRunner.Configuration()
        configuration.longestPause = .milliseconds(5)
        configuration.stoppedInterval = .milliseconds(1)
        configuration.pollInterval = .milliseconds(5)
        let runner = ProjectionRunner(
            reading: events, into: target, appended: events.appended, applied: applied, configuration: configuration,
            logger: silent)
        try await append()
        try await running(runner) {
            switch category.reaction {
            case .retry:
                // It is tried again and again, and nothing else happens.
                while target.attempts < 5 { await Task.yield() }
                #expect(target.positions.isEmpty && target.content.withLock { $0.parked.isEmpty })
                target.mend()
                _ = try await applied.wait(until: Position(2), atMost: .seconds(60))
                #expect(target.positions == [1, 2])
            case .park, .refuse:
                _ = try await applied.wait(until: Position(2), atMost: .seconds(60))
                #expect(target.positions == [2] && target.content.withLock { $0.parked.count } == 1)
            case .stop:
                while target.content.withLock({ $0.stall == nil }) { await Task.yield() }
                guard case .stopped(let stopped)? = runner.activities[0] else {
                    Issue.record("it does not say that it has stopped")
                    return
                }
                #expect(stopped.reason == .fatalError)
                #expect(target.content.withLock { $0.stall?.reason.contains("resume the projection") } == true)
                let attempts = target.attempts
                target.mend()
                // Many polls later it has still not tried again. Then an administrator resumes it.
                let looks = target.looks
                while target.looks < looks + 20 { await Task.yield() }
                #expect(target.attempts == attempts && target.positions.isEmpty)
                target.content.withLock { $0.version += 1 }
                _ = try await applied.wait(until: Position(2), atMost: .seconds(60))
                #expect(target.positions == [1, 2])
            }
        }
    }

    // MARK: Workers

    @Test(arguments: ErrorCategory.allCases)
    func `a worker retries, fails or stops`(category: ErrorCategory) async throws {
        let queue = InMemoryJobQueue()
        var options = JobOptions()
        options.attempts = 2
        options.backoff = .none
        let jobs = ["a", "b"].map { Job(id: $0, name: $0, data: EventPayload(bytes: []), options: options) }
        _ = try await queue.add(jobs)
        let attempts = Mutex<[String]>([])
        let worker = InMemoryJobWorker(of: queue) { job, attempt in
            attempts.withLock { $0.append("\(job.id)\(attempt)") }
            if job.id == "a" { throw Failure(category: category) }
        }
        if category.reaction == .stop {
            await #expect(throws: Failure.self) { try await worker.run() }
            #expect(queue.jobs == jobs && attempts.withLock { $0 } == ["a1"])
            return
        }
        try await running(worker) { while attempts.withLock({ $0.last != "b1" }) { await Task.yield() } }
        #expect(attempts.withLock { $0 } == (category.reaction == .retry ? ["a1", "a2", "b1"] : ["a1", "b1"]))
        #expect(worker.failed.map(\.job.id) == ["a"] && queue.jobs.isEmpty)
    }

    // MARK: Buses

    private struct FailingCommand: AggregateCommand {
        static let name = "tests.counter.fail"
        static let schema = CommandSchema<FailingCommand>(.text("category", in: 1...20))
        static let categories = Dictionary(uniqueKeysWithValues: ErrorCategory.allCases.map { ("\($0)", $0) })

        let category: String
        var entityID: String { "a" }

        func decide(_ state: Counter, in context: MessageContext) throws -> [CounterEvent] {
            throw Failure(category: Self.categories[category]!)
        }
    }

    @Test(arguments: ErrorCategory.allCases)
    func `the sender of a command is told a refusal, or the error itself`(category: ErrorCategory) async throws {
        let (events, streams) = (events, try StreamCategory("tests.counter.v1"))
        let bus = CommandBus<Aggregates<Counter>> {
            Aggregates(store: AggregateStore(events), category: streams, context: $0)
        }
        let context = MessageContext(tenant: try TenantID("core"), correlationID: "c", source: "tests", now: .now)
        do {
            _ = try await bus.send(FailingCommand(category: "\(category)"), in: context)
            Issue.record("nothing was thrown")
        } catch {
            #expect(ErrorCategory(of: error) == category)
            #expect((error is CommandRefused) == (category == .validation))
        }
    }
}

extension SubscriptionConsumer.Configuration {
    fileprivate static var impatient: Self {
        var configuration = Self()
        configuration.pollInterval = .milliseconds(10)
        configuration.longestPause = .milliseconds(10)
        return configuration
    }
}
