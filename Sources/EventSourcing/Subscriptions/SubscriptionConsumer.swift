import FoundationEssentials
public import Logging
public import ServiceLifecycle
import Synchronization

/// One of the consumers of a persistent subscription: takes messages, hands them to a handler, and settles them.
///
/// Several streams are worked on at a time, the events of one in their order. A handler sees each event at least once:
/// again after it has thrown, after the message time-out, and after a crash. What it throws is judged by
/// ``SubscriptionVerdict/init(for:)``. For graceful shutdown the consumer takes nothing more, lets the handlers finish,
/// and settles what they did.
public struct SubscriptionConsumer: Service {
    /// Handles one event; the number is that of the attempt, from 1.
    public typealias Handler = @Sendable (RecordedEvent, _ attempt: Int) async throws -> Void

    private let subscription: Subscription
    private let store: any SubscriptionStore
    private let appended: PositionSignal
    private let configuration: Configuration
    private let logger: Logger
    private let handler: Handler
    private let name: String
    private let buffer = Shared()

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

        public init() {}
    }

    private final class Shared: Sendable {
        let buffer = Mutex(ConsumerBuffer())
        let isStopping = Atomic(false)
    }

    /// - Parameter appended: announces what this process appends.
    public init(
        of subscription: Subscription, in store: any SubscriptionStore, appended: PositionSignal,
        configuration: Configuration = Configuration(), logger: Logger, handler: @escaping Handler
    ) {
        self.subscription = subscription
        self.store = store
        self.appended = appended
        self.configuration = configuration
        self.handler = handler
        name = UUID().text
        var logger = logger
        logger[metadataKey: "subscription.name"] = "\(subscription.id)"
        logger[metadataKey: "subscription.consumer"] = "\(name)"
        self.logger = logger
    }

    /// - Throws: ``SubscriptionDiffers`` and ``SubscriptionNotFound``, when the group is not there or another one;
    ///   whatever else goes wrong is logged and tried again.
    public func run() async throws {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask { await watch(wake) }
            group.addTask {
                guard (try? await gracefulShutdown()) != nil else { return }
                buffer.isStopping.store(true, ordering: .sequentiallyConsistent)
                wake.yield()
            }
            try await persisting { try await store.register(subscription) }
            var stopReason: String?
            for await _ in wakes {
                let isStopping = buffer.isStopping.load(ordering: .sequentiallyConsistent)
                if isStopping { buffer.buffer.withLock { $0.dropQueued() } }
                let answer = try await persisting { try await exchange(isStopping: isStopping) }
                if let reason = answer?.stopReason, reason != stopReason {
                    logger.critical("Subscription stands still", metadata: ["reason": "\(reason)"])
                }
                if let answer { stopReason = answer.stopReason }
                if isStopping, buffer.buffer.withLock({ $0.workingCount == 0 && $0.settlementCount == 0 }) { return }
                startWork(in: &group, wake)
            }
        }
    }

    /// Wakes the consumer for new events, and now and then.
    private func watch(_ wake: AsyncStream<Void>.Continuation) async {
        var seen = appended.position
        while !Task.isCancelled {
            wake.yield()
            _ = try? await appended.wait(until: Position(seen.rawValue + 1), atMost: configuration.pollInterval)
            seen = max(seen, appended.position)
        }
        wake.finish()
    }

    /// Repeats what the store refuses, with growing pauses; while stopping, not for long.
    private func persisting<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        var failures = 0
        while true {
            do { return try await body() } catch {
                if Task.isCancelled || error is SubscriptionDiffers || error is SubscriptionNotFound { throw error }
                failures += 1
                // What is not settled comes again.
                if failures == 5, buffer.isStopping.load(ordering: .sequentiallyConsistent) { throw error }
                logger.log(
                    level: failures == 1 ? .error : .warning, "Subscription store failed and will be tried again",
                    metadata: ["error": "\(error)", "failures": "\(failures)"])
                let doubled = Duration.milliseconds(50 << min(failures - 1, 10))
                try await Task.sleep(for: min(doubled, configuration.longestPause) * Double.random(in: 0.5...1))
            }
        }
    }

    /// Settles, and takes as much as there is room for; nil when neither is worth a call.
    private func exchange(isStopping: Bool) async throws -> SubscriptionHandout? {
        let (report, room) = buffer.buffer.withLock { buffer in
            (buffer.report(), isStopping ? 0 : configuration.capacity - buffer.count)
        }
        let isUnsure = report.isUnsure || isStopping
        guard isUnsure || !report.settlements.isEmpty || room >= max(1, configuration.capacity / 2) else { return nil }
        // What comes with the answer expires some time after the store has made it.
        let expiry = ContinuousClock.now.advanced(by: subscription.settings.messageTimeout)
        let answer: SubscriptionHandout
        do {
            answer = try await store.exchange(
                SubscriptionExchange(
                    consumer: name, settlements: report.settlements, limit: room,
                    holding: isUnsure ? report.holding : nil), in: subscription.id)
        } catch {
            buffer.buffer.withLock { $0.lost(report) }
            throw error
        }
        if !answer.refused.isEmpty {
            logger.info("Settlements came too late", metadata: ["count": "\(answer.refused.count)"])
        }
        buffer.buffer.withLock { buffer in
            buffer.accepted(report)
            buffer.add(answer.deliveries, expiry: expiry)
        }
        return answer
    }

    private func startWork(
        in group: inout ThrowingDiscardingTaskGroup<any Error>, _ wake: AsyncStream<Void>.Continuation
    ) {
        let now = ContinuousClock.now
        while let delivery = buffer.buffer.withLock({ buffer in
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
            (next, settlements) = buffer.buffer.withLock { buffer in
                buffer.finish(delivery, verdict)
                return (buffer.start(at: .now), buffer.settlementCount)
            }
            if settlements >= max(1, configuration.capacity / 2) { wake.yield() }
        }
        wake.yield()
    }

    /// Nil when the handler was cancelled and nobody knows what it did.
    private func verdict(on delivery: SubscriptionDelivery) async -> SubscriptionVerdict? {
        do {
            try await handler(delivery.event, delivery.attempt)
            return .acknowledge
        } catch {
            if Task.isCancelled { return nil }
            let verdict = SubscriptionVerdict(for: error)
            if case .retry = verdict, delivery.attempt < subscription.settings.maxAttempts {
                logger.warning("Event will be tried again", metadata: metadata(delivery, error))
            } else if !verdict.isSettled {
                logger.error("Event was not handled", metadata: metadata(delivery, error))
            }
            return verdict
        }
    }

    private func metadata(_ delivery: SubscriptionDelivery, _ error: any Error) -> Logger.Metadata {
        [
            "error": "\(error)", "stream.id": "\(delivery.event.stream)",
            "stream.revision": "\(delivery.event.revision)",
            "log.position": "\(delivery.event.position)", "subscription.attempt": "\(delivery.attempt)",
        ]
    }
}
