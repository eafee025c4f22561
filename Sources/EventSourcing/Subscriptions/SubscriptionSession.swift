import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization

/// A consumer's side of a persistent subscription: registers it, exchanges messages, and repeats what the store refuses.
///
/// ``SubscriptionConsumer`` and ``Relay`` differ in how they work on what they take; this is what they share.
final class SubscriptionSession: Sendable {
    let subscription: Subscription
    let clock: ServiceClock
    let logger: Logger
    private let store: any SubscriptionStore
    private let longestPause: Duration
    private let consumer: String
    private let contents = Mutex(ConsumerBuffer())
    private let stopping = Atomic(false)
    private let stopReason = Mutex<String?>(nil)
    /// Yields when the group has something that this consumer may get without a new event.
    private let unsettled = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter longestPause: between two calls of a store that fails.
    init(
        of subscription: Subscription, in store: any SubscriptionStore, longestPause: Duration, clock: ServiceClock,
        logger: Logger
    ) {
        self.clock = clock
        self.subscription = subscription
        self.store = store
        self.longestPause = longestPause
        consumer = UUID().text
        var logger = logger
        logger[metadataKey: "subscription.name"] = "\(subscription.id)"
        logger[metadataKey: "subscription.consumer"] = "\(consumer)"
        self.logger = logger
    }

    /// Whether the graceful shutdown has begun.
    var isStopping: Bool { stopping.load(ordering: .sequentiallyConsistent) }

    func withBuffer<Answer>(_ body: (inout ConsumerBuffer) throws -> Answer) rethrows -> Answer {
        try contents.withLock { try body(&$0) }
    }

    /// Registers the subscription and runs `body`, with a stream that yields for new events, now and then, and for the
    /// graceful shutdown. Cancels the tasks of the group when `body` has returned.
    ///
    /// - Parameter wakeups: yields for new events of the subscription; nil to look for any event.
    func run(
        appended: PositionSignal, wakeups: SubscriptionWakeups?, every pollInterval: Duration,
        _ body: (
            inout ThrowingDiscardingTaskGroup<any Error>, AsyncStream<Void>, AsyncStream<Void>.Continuation
        ) async throws -> Void
    ) async throws {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            let waiter = wakeups?.add(subscription.source, wake)
            defer { if let waiter { wakeups?.remove(waiter) } }
            if wakeups == nil {
                group.addTask { await self.watch(appended, every: pollInterval, wake) }
            } else {
                wake.yield()
                group.addTask { await self.pollWhileUnsettled(every: pollInterval, wake) }
            }
            group.addTask {
                guard (try? await gracefulShutdown()) != nil else { return }
                self.stopping.store(true, ordering: .sequentiallyConsistent)
                wake.yield()
            }
            try await persisting { try await store.register(subscription) }
            try await body(&group, wakes, wake)
        }
    }

    private func watch(
        _ appended: PositionSignal, every pollInterval: Duration, _ wake: AsyncStream<Void>.Continuation
    ) async {
        var seen = appended.position
        while !Task.isCancelled {
            wake.yield()
            try? await clock.wait(for: appended, until: Position(seen.rawValue + 1), atMost: pollInterval)
            seen = max(seen, appended.position)
        }
        wake.finish()
    }

    private func pollWhileUnsettled(every pollInterval: Duration, _ wake: AsyncStream<Void>.Continuation) async {
        for await _ in unsettled.stream {
            try? await clock.sleep(for: pollInterval)
            wake.yield()
        }
    }

    /// Settles what the buffer reports, and takes at most `limit` messages into it.
    ///
    /// - Parameter listing: whether to tell the store what is in hand even if nothing is in doubt.
    func exchange(limit: Int, listing: Bool = false) async throws -> SubscriptionHandout {
        try await persisting {
            let report = withBuffer { $0.report(listing: listing) }
            // What comes with the answer expires some time after the store has made it.
            let expiry = clock.elapsed() + subscription.settings.messageTimeout
            let answer: SubscriptionHandout
            do {
                answer = try await store.exchange(
                    SubscriptionExchange(
                        consumer: consumer, settlements: report.settlements, limit: limit, holding: report.holding),
                    in: subscription.id)
            } catch {
                withBuffer { $0.lost(report) }
                throw error
            }
            withBuffer { buffer in
                buffer.accepted(report)
                buffer.add(answer.deliveries, expiry: expiry)
            }
            note(answer)
            return answer
        }
    }

    private func note(_ answer: SubscriptionHandout) {
        if !answer.refused.isEmpty {
            logger.info("Settlements came too late", metadata: ["count": "\(answer.refused.count)"])
        }
        if !answer.isDrained { unsettled.continuation.yield() }
        let isNews = stopReason.withLock { known in
            defer { known = answer.stopReason }
            return known != answer.stopReason
        }
        if isNews, let reason = answer.stopReason {
            logger.critical("Subscription is stopped", metadata: ["reason": "\(reason)"])
        }
    }

    /// Repeats what the store refuses, with growing pauses; while the program stops, for a second at most.
    private func persisting<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        var failures = 0
        let start = clock.elapsed()
        while true {
            do { return try await body() } catch {
                if Task.isCancelled || error is SubscriptionDiffers || error is SubscriptionNotFound { throw error }
                failures += 1
                // What is not settled now is delivered again.
                if isStopping, failures >= 5 || clock.elapsed() - start > .seconds(1) { throw error }
                logger.log(
                    level: failures == 1 ? .error : .warning, "Subscription store failed and will be tried again",
                    metadata: ["error": "\(error)", "failures": "\(failures)"])
                try await clock.pause(after: failures, atMost: longestPause)
            }
        }
    }

    /// Logs a failure.
    func log(_ verdict: SubscriptionVerdict, on delivery: SubscriptionDelivery) {
        let (reason, level): (String, Logger.Level)
        switch verdict {
        case .acknowledge, .skip: return
        case .retry(_, let text):
            (reason, level) = (text, delivery.attempt < subscription.settings.maxAttempts ? .warning : .error)
        case .park(let text), .stop(let text): (reason, level) = (text, .error)
        }
        logger.log(
            level: level, level == .warning ? "Event will be tried again" : "Event was not handled",
            metadata: [
                "error": "\(reason)", "stream.id": "\(delivery.event.stream)",
                "stream.revision": "\(delivery.event.revision)", "log.position": "\(delivery.event.position)",
                "subscription.attempt": "\(delivery.attempt)",
            ].merging(MessageContext.metadata(of: delivery.event)) { $1 })
    }
}
