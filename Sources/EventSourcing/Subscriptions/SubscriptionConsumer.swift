public import Logging
public import ServiceLifecycle

/// One of the consumers of a persistent subscription: takes messages, hands them to a handler, and settles them.
///
/// Several streams are worked on at a time, the events of one in their order. A handler sees each event at least once:
/// again after it has thrown, after the message timeout, and after a crash. It runs in the context of its event, see
/// ``MessageContext/init(causedBy:command:source:now:)``. What it throws is judged by ``SubscriptionVerdict/init(for:)``. For graceful shutdown the consumer takes nothing more, lets the handlers finish,
/// and settles what they did.
public struct SubscriptionConsumer: Service {
    /// Handles one event; the number is that of the attempt, from 1.
    public typealias Handler = @Sendable (RecordedEvent, _ attempt: Int) async throws -> Void

    private let session: SubscriptionSession
    private let appended: PositionSignal
    private let wakeups: SubscriptionWakeups?
    private let configuration: Configuration
    private let handler: Handler

    /// How a consumer takes and waits.
    public struct Configuration: Sendable {
        /// The most messages in hand; what is at work within the message time-out is enough.
        public var capacity = 400
        /// The most streams to work on at a time.
        public var concurrency = 16
        /// How long a message that is due again can wait, and an event of another process whose announcement was lost.
        public var pollInterval: Duration = .seconds(1)
        /// The longest pause after repeated failures of the store.
        public var longestPause: Duration = .seconds(5)

        /// The defaults.
        public init() {}
    }

    /// - Parameters:
    ///   - appended: announces what this process appends.
    ///   - wakeups: wakes the consumer for events of its subscription; nil: it looks for any event, and now and then.
    ///   - clock: measures the message time-out, the pauses and the intervals.
    public init(
        of subscription: Subscription, in store: any SubscriptionStore, appended: PositionSignal,
        wakeups: SubscriptionWakeups? = nil, configuration: Configuration = Configuration(),
        clock: ServiceClock = .system, logger: Logger, handler: @escaping Handler
    ) {
        session = SubscriptionSession(
            of: subscription, in: store, longestPause: configuration.longestPause, clock: clock, logger: logger)
        self.appended = appended
        self.wakeups = wakeups
        self.configuration = configuration
        self.handler = handler
    }

    /// - Throws: ``SubscriptionDiffers`` and ``SubscriptionNotFound``, when the group is not there or another one;
    ///   whatever else goes wrong is logged and tried again.
    public func run() async throws {
        try await session.run(appended: appended, wakeups: wakeups, every: configuration.pollInterval) {
            group, wakes, wake in
            for await _ in wakes {
                let isStopping = session.isStopping
                if isStopping { session.withBuffer { $0.dropQueued() } }
                try await exchange(isStopping: isStopping)
                if isStopping, session.withBuffer({ $0.workingCount == 0 && $0.settlementCount == 0 }) { return }
                startWork(in: &group, wake)
            }
        }
    }

    /// Settles, and takes as much as there is room for, if either is worth a call.
    private func exchange(isStopping: Bool) async throws {
        let (room, hasNews) = session.withBuffer { buffer in
            (isStopping ? 0 : configuration.capacity - buffer.count, buffer.settlementCount > 0 || buffer.isUnsure)
        }
        guard isStopping || hasNews || room >= max(1, configuration.capacity / 2) else { return }
        _ = try await session.exchange(limit: room, listing: isStopping)
    }

    private func startWork(
        in group: inout ThrowingDiscardingTaskGroup<any Error>, _ wake: AsyncStream<Void>.Continuation
    ) {
        let now = session.clock.elapsed()
        while let delivery = session.withBuffer({ buffer in
            buffer.workingCount < configuration.concurrency ? buffer.start(at: now) : nil
        }) {
            group.addTask { await work(from: delivery, wake) }
        }
    }

    /// Handles a message and then others, as long as there are any.
    private func work(from first: SubscriptionDelivery, _ wake: AsyncStream<Void>.Continuation) async {
        var next: SubscriptionDelivery? = first
        while let delivery = next {
            let verdict = await verdict(on: delivery)
            let settlements: Int
            (next, settlements) = session.withBuffer { buffer in
                buffer.finish(delivery, verdict)
                return (buffer.start(at: session.clock.elapsed()), buffer.settlementCount)
            }
            if settlements >= max(1, configuration.capacity / 2) { wake.yield() }
        }
        wake.yield()
    }

    /// Nil when the handler was cancelled and nobody knows what it did.
    private func verdict(on delivery: SubscriptionDelivery) async -> SubscriptionVerdict? {
        do {
            try await MessageContext.handling(delivery.event, by: session.subscription.id.name) {
                try await handler(delivery.event, delivery.attempt)
            }
            return .acknowledge
        } catch {
            if Task.isCancelled { return nil }
            let verdict = SubscriptionVerdict(for: error)
            session.log(verdict, on: delivery)
            return verdict
        }
    }
}
