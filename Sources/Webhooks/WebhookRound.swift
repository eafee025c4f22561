import EventSourcing
import Synchronization

/// One round of deliveries to an endpoint: streams side by side, the messages of each in their order up to the first failure.
struct WebhookRound: Sendable {
    let endpoint: WebhookEndpoint
    let sender: WebhookSender
    let connection: WebhookConnection

    /// What came of the messages that were tried. The others are to be handed back.
    struct Outcome: Sendable {
        var settlements: [SubscriptionSettlement] = []
        var attempts: [WebhookSender.Attempt] = []
    }

    fileprivate struct Progress {
        var streams: [[SubscriptionDelivery]]
        var breaker: WebhookBreaker
        var outcome = Outcome()
    }

    private final class Shared: Sendable {
        let progress: Mutex<Progress>

        init(_ progress: sending Progress) { self.progress = Mutex(progress) }

        /// Takes the next stream.
        func next() -> [SubscriptionDelivery]? {
            progress.withLock { $0.streams.isEmpty ? nil : $0.streams.removeFirst() }
        }
    }

    /// - Parameters:
    ///   - breaker: takes in what fails and what succeeds; once it allows nothing, nothing more is begun.
    ///   - mayBegin: whether there is time for another message.
    func run(
        _ deliveries: [SubscriptionDelivery], _ breaker: inout WebhookBreaker,
        while mayBegin: @escaping @Sendable () -> Bool
    ) async -> Outcome {
        var streams: [StreamName: [SubscriptionDelivery]] = [:]
        for delivery in deliveries { streams[delivery.event.stream, default: []].append(delivery) }
        let ordered = streams.values.sorted { $0[0].event.position < $1[0].event.position }
        let shared = Shared(Progress(streams: ordered, breaker: breaker))
        await withDiscardingTaskGroup { group in
            for _ in 0..<min(sender.configuration.concurrency, ordered.count) {
                group.addTask {
                    while mayBegin(), let stream = shared.next() {
                        await send(stream, shared, while: mayBegin)
                    }
                }
            }
        }
        let (changed, outcome) = shared.progress.withLock { ($0.breaker, $0.outcome) }
        breaker = changed
        return outcome
    }

    private func send(
        _ stream: [SubscriptionDelivery], _ shared: Shared, while mayBegin: @Sendable () -> Bool
    ) async {
        let clock = sender.configuration.clock
        for delivery in stream {
            guard mayBegin(), shared.progress.withLock({ $0.breaker.allowance(at: clock.elapsed()).isSome }) else {
                return
            }
            guard endpoint.filter.matches(delivery.event) else {
                // It was drawn before the endpoint's types were changed: the endpoint was read after it was handed out.
                shared.progress.withLock { $0.outcome.settlements.append(delivery.settled(.skip)) }
                continue
            }
            let message: WebhookMessage
            do {
                message = try WebhookMessage(delivery.event, source: sender.configuration.source)
            } catch {
                shared.progress.withLock { $0.outcome.settlements.append(delivery.settled(.park(reason: "\(error)"))) }
                return
            }
            let attempt = await sender.send(message, to: endpoint, attempt: delivery.attempt, by: connection)
            // Nobody knows what a request that was cut off has done.
            if Task.isCancelled, !attempt.delivery.isDelivered { return }
            shared.progress.withLock { $0.take(attempt, of: delivery, sender.configuration) }
            guard attempt.delivery.isDelivered else { return }
        }
    }
}

extension WebhookRound.Progress {
    mutating func take(
        _ attempt: WebhookSender.Attempt, of delivery: SubscriptionDelivery, _ settings: WebhookConfiguration
    ) {
        outcome.attempts.append(attempt)
        guard let failure = attempt.delivery.failure else {
            breaker.succeed()
            outcome.settlements.append(delivery.settled(.acknowledge))
            return
        }
        let now = settings.clock.elapsed()
        breaker.fail(at: now)
        var generator = SystemRandomNumberGenerator()
        var delay = settings.delay(afterAttempt: delivery.attempt, using: &generator)
        if let asked = attempt.retryAfter {
            let asked = min(asked, settings.longestRetryAfter)
            breaker.pause(until: now + asked)
            delay = max(delay, asked)
        }
        // Of an endpoint that is gone, messages keep their attempts until it is enabled again.
        if !attempt.isGone { outcome.settlements.append(delivery.settled(.retry(after: delay, reason: failure))) }
    }
}

extension WebhookBreaker.Allowance {
    fileprivate var isSome: Bool {
        if case .none = self { false } else { true }
    }
}
