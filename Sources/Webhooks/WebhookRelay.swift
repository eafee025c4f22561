import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle

/// Sends one endpoint the events that it receives: takes messages of its subscription, sends them, settles what became of
/// each, and records the deliveries.
///
/// The messages of a stream are sent in their order, each after the one before was delivered. What was not tried is handed
/// back and costs no attempt, so that an endpoint that is down uses up the attempts of few messages.
struct WebhookRelay: Sendable {
    let assignment: WebhookAssignment
    let webhooks: any WebhookStore
    let subscriptions: any SubscriptionStore
    let appended: PositionSignal
    let sender: WebhookSender
    let logger: Logger
    private let consumer = UUID().text

    private var settings: WebhookConfiguration { sender.configuration }
    private var clock: ServiceClock { settings.clock }

    init(
        _ assignment: WebhookAssignment, webhooks: any WebhookStore, subscriptions: any SubscriptionStore,
        appended: PositionSignal, sender: WebhookSender, logger: Logger
    ) {
        self.assignment = assignment
        self.webhooks = webhooks
        self.subscriptions = subscriptions
        self.appended = appended
        self.sender = sender
        var logger = logger
        logger[metadataKey: "webhook.id"] = "\(assignment.id.text)"
        self.logger = logger
    }

    /// What a relay remembers from round to round.
    fileprivate struct Memory {
        var breaker: WebhookBreaker
        let connection: WebhookConnection
        var registered: WebhookEventTypes?
        /// Whom the breaker is about.
        var known: WebhookEndpoint?
        /// What the store has not heard of yet.
        var settlements: [SubscriptionSettlement] = []
        var storeFailures = 0
    }

    /// Until the endpoint is taken away, or graceful shutdown. Requests that are under way are finished then.
    func run() async {
        var memory = Memory(
            breaker: WebhookBreaker(threshold: settings.breakerThreshold, pauses: settings.breakerPauses),
            connection: WebhookConnection(settings))
        var last = assignment.endpoint
        while !Task.isShuttingDownGracefully, !Task.isCancelled, let endpoint = assignment.endpoint {
            last = endpoint
            do {
                try await round(for: endpoint, &memory)
                memory.storeFailures = 0
            } catch {
                guard await goesOn(after: error, &memory) else { break }
            }
        }
        await memory.connection.close()
        if let last { _ = try? await exchange(last, &memory, limit: 0) }
    }

    private func round(for known: WebhookEndpoint, _ memory: inout Memory) async throws {
        var endpoint = known
        if memory.registered != endpoint.types {
            // One that was deleted gets no subscription again.
            guard let stored = try await storedEndpoint() else { return }
            endpoint = stored
            try await subscriptions.register(endpoint.subscription(settings: settings.subscriptionSettings))
            memory.registered = endpoint.types
        }
        memory.meet(endpoint, settings)
        let limit: Int
        switch memory.breaker.allowance(at: clock.elapsed()) {
        case .none(let until):
            if !memory.settlements.isEmpty { try await exchange(endpoint, &memory, limit: 0) }
            return await pause(for: min(until - clock.elapsed(), settings.pollInterval))
        case .probe: limit = 1
        case .any: limit = settings.concurrency * 4
        }
        let seen = appended.position
        let began = clock.elapsed()
        var deliveries = try await exchange(endpoint, &memory, limit: limit)
        guard !deliveries.isEmpty else {
            _ = try? await cancelWhenGracefulShutdown {
                try await clock.wait(
                    for: appended, until: Position(seen.rawValue + 1), atMost: settings.pollInterval)
            }
            return
        }
        // The filter of the subscription changes at once, what this relay knows of the endpoint does not.
        if deliveries.contains(where: { !endpoint.filter.matches($0.event) }) {
            guard let stored = try await storedEndpoint() else { return }
            endpoint = stored
            memory.meet(endpoint, settings)
        }
        // Without a client one message finds out why.
        if await !memory.connection.prepare(for: endpoint.url) { deliveries = [deliveries[0]] }
        let outcome = await WebhookRound(endpoint: endpoint, sender: sender, connection: memory.connection)
            .run(deliveries, &memory.breaker) { [settings, clock, assignment, endpoint] in
                clock.elapsed() - began < settings.round && !Task.isShuttingDownGracefully && !Task.isCancelled
                    && assignment.endpoint?.revision == endpoint.revision
            }
        memory.settlements += outcome.settlements
        try await take(outcome.attempts, of: endpoint)
        if outcome.attempts.contains(where: { !$0.delivery.isDelivered }), let stored = try await storedEndpoint(),
            stored.beginsAnew(after: endpoint)
        {
            // What failed before is handed back: it costs the endpoint as it is now no attempt, and no pause.
            memory.settlements.removeAll { if case .retry = $0.verdict { true } else { false } }
        }
    }

    /// Reads the endpoint again. Nil when it was deleted or disabled; then the relay ends.
    private func storedEndpoint() async throws -> WebhookEndpoint? {
        guard let known = assignment.endpoint else { return nil }
        let stored = try await webhooks.webhook(known.id, of: known.tenant)
        assignment.update(stored?.isEnabled == true ? stored : nil)
        return assignment.endpoint
    }

    /// Settles, hands back what was not tried, and takes new messages.
    @discardableResult
    private func exchange(
        _ endpoint: WebhookEndpoint, _ memory: inout Memory, limit: Int
    ) async throws -> [SubscriptionDelivery] {
        let handout = try await subscriptions.exchange(
            SubscriptionExchange(consumer: consumer, settlements: memory.settlements, limit: limit, holding: []),
            in: endpoint.subscriptionID)
        memory.settlements = []
        return handout.deliveries
    }

    /// Records attempts, and disables an endpoint that is gone or has failed for too long.
    private func take(_ attempts: [WebhookSender.Attempt], of endpoint: WebhookEndpoint) async throws {
        guard !attempts.isEmpty else { return }
        let failures = attempts.filter { !$0.delivery.isDelivered }
        for failure in failures.prefix(1) {
            logger.info(
                "Webhook was not delivered",
                metadata: [
                    "reason": "\(failure.delivery.failure ?? "")", "event.id": "\(failure.delivery.event.text)",
                    "webhook.attempt": "\(failure.delivery.attempt)", "failures": "\(failures.count)",
                ])
        }
        let failingSince = try await webhooks.record(attempts.map(\.delivery), of: endpoint.id)
        if attempts.contains(where: \.isGone) {
            try await disable(endpoint, because: "the endpoint answered 410: it is gone")
        } else if let failingSince, let last = failures.last?.delivery.failure,
            clock.now().timeIntervalSince(failingSince) >= settings.deadAfter / .seconds(1)
        {
            try await disable(
                endpoint,
                because:
                    "nothing could be delivered since \(RFC3339.string(from: failingSince)); the last time: \(last)")
        }
    }

    /// Only as it was when the attempts were made: of an endpoint that was changed meanwhile they say nothing.
    private func disable(_ endpoint: WebhookEndpoint, because reason: String) async throws {
        var disabled = endpoint
        disabled.disable(because: reason, at: clock.now())
        do {
            _ = try await webhooks.save(disabled)
            logger.error("Webhook is disabled", metadata: ["reason": "\(reason)"])
            assignment.update(nil)
        } catch is WebhookChanged {
            _ = try await storedEndpoint()
        }
    }

    /// Whether to try again after a failure of the store. What was not settled comes again.
    private func goesOn(after error: any Error, _ memory: inout Memory) async -> Bool {
        // Deleted, or with other types than this process knows of: the next look at the endpoints tells.
        if error is SubscriptionNotFound || error is SubscriptionDiffers || error is WebhookNotFound {
            memory.registered = nil
            memory.settlements = []
            await pause(for: settings.pollInterval)
            return true
        }
        if Task.isCancelled { return false }
        memory.storeFailures += 1
        logger.log(
            level: memory.storeFailures == 1 ? .error : .warning,
            "Webhook could not be settled and will be tried again",
            metadata: ["error": "\(error)", "failures": "\(memory.storeFailures)"])
        await pause(for: clock.backoff(afterFailures: memory.storeFailures, atMost: .milliseconds(6_400)))
        return true
    }

    private func pause(for duration: Duration) async {
        _ = try? await cancelWhenGracefulShutdown { try await clock.sleep(for: duration) }
    }
}

extension WebhookRelay.Memory {
    /// Forgets the failures of an endpoint that is another one now.
    fileprivate mutating func meet(_ endpoint: WebhookEndpoint, _ settings: WebhookConfiguration) {
        if let known, endpoint.beginsAnew(after: known) {
            breaker = WebhookBreaker(threshold: settings.breakerThreshold, pauses: settings.breakerPauses)
        }
        known = endpoint
    }
}

extension WebhookEndpoint {
    /// Whether what was seen of the endpoint as it was before says nothing about this one: it has another URL, or was changed
    /// twice or more, which may have been a disabling and an enabling.
    fileprivate func beginsAnew(after earlier: WebhookEndpoint) -> Bool {
        url != earlier.url || revision.rawValue > earlier.revision.rawValue + 1
    }
}
