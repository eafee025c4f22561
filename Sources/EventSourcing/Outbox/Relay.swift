import FoundationEssentials
public import Logging
public import ServiceLifecycle

/// Brings the events of the log to a sink: the consumer of a persistent subscription that is named after the sink.
///
/// It takes many events at a time and settles them with the call that takes the next ones, while the sink works on those
/// that it took before. Several relays of a sink, in one process or in several, share the events; those of a stream stay
/// in their order. The events are read from the log when they are sent: what was redacted before is sent as redacted.
///
/// When the sink takes nothing, the relay gives back what it has, without an attempt counted, and tries again with one
/// message until it is taken; then it goes on. For graceful shutdown the relay settles what the sink has done and returns.
public struct Relay: Service {
    /// How a relay takes and waits.
    public struct Configuration: Sendable {
        /// The most events in one call of the sink.
        public var batchSize = 500
        /// The shortest time between two calls of the store, unless there is more than one call can take: what is appended
        /// meanwhile goes together. An event that comes after a longer pause is sent at once.
        public var interval: Duration = .milliseconds(10)
        /// The longest of these times. It grows with the number of messages that the last call handed out, since a call costs
        /// the database much and a message more in it little.
        public var longestInterval: Duration = .milliseconds(80)
        /// How long a message that is due again can wait, and an event of another process whose announcement was lost.
        public var pollInterval: Duration = .seconds(1)
        /// The longest pause after repeated failures of the sink or the store.
        public var longestPause: Duration = .seconds(5)

        /// The defaults: 500 events a call, and 10 to 80 ms between two calls.
        public init() {}
    }

    /// Where the events go.
    public let sink: any EventSink
    private let session: SubscriptionSession
    private let appended: PositionSignal
    private let wakeups: SubscriptionWakeups?
    private let configuration: Configuration
    private let progress = RelayProgress()

    /// - Parameters:
    ///   - appended: announces what this process appends.
    ///   - wakeups: wakes the relay for events of its subscription; nil: it looks for any event, and now and then.
    ///   - start: where a sink begins that has no subscription yet.
    ///   - clock: measures the message time-out, the pauses and the intervals, and dates outages.
    /// - Throws: ``InvalidName`` and ``InvalidSubscription``.
    public init(
        to sink: any EventSink, in store: any SubscriptionStore, appended: PositionSignal,
        wakeups: SubscriptionWakeups? = nil, from start: SubscriptionStart = .beginning,
        settings: SubscriptionSettings = SubscriptionSettings(), configuration: Configuration = Configuration(),
        clock: ServiceClock = .system, logger: Logger
    ) throws {
        let subscription = try Self.subscription(of: sink, from: start, settings: settings)
        self.sink = sink
        self.appended = appended
        self.wakeups = wakeups
        self.configuration = configuration
        session = SubscriptionSession(
            of: subscription, in: store, longestPause: configuration.longestPause, clock: clock, logger: logger)
    }

    /// The persistent subscription of a sink.
    ///
    /// - Throws: ``InvalidName`` and ``InvalidSubscription``.
    public static func subscription(
        of sink: any EventSink, from start: SubscriptionStart = .beginning,
        settings: SubscriptionSettings = SubscriptionSettings()
    ) throws -> Subscription {
        try Subscription(
            SubscriptionID(sink.name, of: sink.filter.tenant), on: .log(sink.filter), from: start, settings: settings)
    }

    /// The persistent subscription whose events it brings to the sink.
    public var subscription: Subscription { session.subscription }

    /// How the relay is doing now.
    public var state: RelayState { progress.state }

    /// - Throws: ``SubscriptionDiffers`` and ``SubscriptionNotFound``, when the subscription is not there or another one;
    ///   whatever else goes wrong is logged and tried again.
    public func run() async throws {
        try await session.run(appended: appended, wakeups: wakeups, every: configuration.pollInterval) { _, wakes, _ in
            for await _ in wakes {
                var step = Step.exchange(atOnce: false)
                while !session.isStopping, step != .wait { step = try await relay(step) }
                guard session.isStopping else { continue }
                try await giveBack()
                return
            }
        }
    }

    private var clock: ServiceClock { session.clock }

    /// What a relay does next.
    private enum Step: Equatable {
        /// Call the store, at once or when the interval since the last call is over, and deliver meanwhile what is in hand.
        case exchange(atOnce: Bool)
        /// Deliver what is in hand: there is nothing to ask the store for.
        case deliver
        /// Give back what is in hand, and wait for the sink.
        case pause
        /// Wait for events.
        case wait
    }

    private func relay(_ step: Step) async throws -> Step {
        switch step {
        case .exchange(let atOnce):
            if !atOnce { try await waitForInterval() }
            return try await exchange()
        case .deliver:
            let isDelivered = try await deliver(session.withBuffer { $0.startBatch(at: clock.elapsed()) })
            return isDelivered ? .exchange(atOnce: false) : .pause
        case .pause:
            try await giveBack()
            try await waitForSink()
            return .exchange(atOnce: true)
        case .wait: return .wait
        }
    }

    /// Delivers what is in hand, and meanwhile settles what was delivered before and takes the next messages.
    private func exchange() async throws -> Step {
        let batch = session.withBuffer { $0.startBatch(at: clock.elapsed()) }
        async let isDelivered = deliver(batch)
        let isProbing = progress.failures > 0
        let limit = isProbing ? 1 : configuration.batchSize
        progress.exchangeBegins(at: clock.elapsed())
        let handout = try await session.exchange(limit: limit)
        progress.note(handout)
        guard try await isDelivered else { return .pause }
        // Behind a full handout there is probably more; what was delivered meanwhile has to be settled.
        if !isProbing, handout.deliveries.count == limit { return .exchange(atOnce: true) }
        if !handout.deliveries.isEmpty { return .deliver }
        return batch.isEmpty ? .wait : .exchange(atOnce: false)
    }

    private func giveBack() async throws {
        session.withBuffer { $0.dropAll() }
        _ = try await session.exchange(limit: 0, listing: true)
    }

    private func waitForSink() async throws {
        try await sleep(for: clock.backoff(afterFailures: progress.failures, atMost: configuration.longestPause))
    }

    private func waitForInterval() async throws {
        guard let last = progress.lastExchange else { return }
        let interval = min(configuration.interval * (1 + last.count / 8), configuration.longestInterval)
        let rest = interval - (clock.elapsed() - last.at)
        if rest > .zero { try await sleep(for: rest) }
    }

    /// Sleeps, but not through the graceful shutdown.
    private func sleep(for pause: Duration) async throws {
        await cancelWhenGracefulShutdown { try? await clock.sleep(for: pause) }
        try Task.checkCancellation()
    }

    /// Hands a batch to the sink. False when the sink takes nothing: then everything in hand is given back.
    private func deliver(_ batch: [SubscriptionDelivery]) async throws -> Bool {
        guard !batch.isEmpty else { return true }
        let verdicts: [SubscriptionVerdict]
        do {
            verdicts = try await sink.deliver(batch)
        } catch {
            try Task.checkCancellation()
            guard let judged = Self.verdicts(on: batch, after: error) else {
                noteOutage("\(error)")
                return false
            }
            verdicts = judged
        }
        guard verdicts.count == batch.count else {
            noteOutage("it returned \(verdicts.count) verdicts on \(batch.count) events")
            return false
        }
        endOutage()
        session.withBuffer { $0.finish(batch, verdicts) }
        for (delivery, verdict) in zip(batch, verdicts) { session.log(verdict, on: delivery) }
        return true
    }

    /// What becomes of events when the sink has thrown, by the category of its error; nil when it takes nothing for now.
    ///
    /// A message is to blame for what repeating cannot mend when it is the only one: with several, the relay tries again
    /// with one, as it does after every failure.
    private static func verdicts(
        on batch: [SubscriptionDelivery], after error: any Error
    ) -> [SubscriptionVerdict]? {
        let verdict = SubscriptionVerdict(for: error)
        switch verdict {
        case .park where batch.count == 1: return [verdict]
        case .stop: return [verdict] + batch.dropFirst().map { _ in .retry(reason: "the sink has stopped") }
        default: return nil
        }
    }

    private func noteOutage(_ reason: String) {
        guard progress.fail(reason, at: clock.now()) else { return }
        session.logger.error("Sink is unavailable and will be tried again", metadata: ["error": "\(reason)"])
    }

    private func endOutage() {
        guard let since = progress.recover() else { return }
        let seconds = Int(clock.now().timeIntervalSince(since).rounded())
        session.logger.notice("Sink is available again", metadata: ["outage.seconds": "\(seconds)"])
    }
}
