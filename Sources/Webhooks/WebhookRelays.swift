public import EventSourcing
import FoundationEssentials
public import Logging
public import ServiceLifecycle

/// Sends events to every enabled endpoint, of all tenants; see ``/EventSourcing/WebhookEndpoint``.
///
/// Several processes may run it on one event store: they share the messages of each endpoint. A message is sent at least
/// once; a receiver knows one that it has seen by its `webhook-id`.
public struct WebhookRelays: Service {
    private let webhooks: any WebhookStore
    private let subscriptions: any SubscriptionStore
    private let appended: PositionSignal
    private let sender: WebhookSender
    private let logger: Logger

    /// - Parameter appended: announces what is appended to the log.
    public init(
        _ webhooks: any WebhookStore, subscriptions: any SubscriptionStore, appended: PositionSignal,
        configuration: WebhookConfiguration, logger: Logger
    ) {
        self.webhooks = webhooks
        self.subscriptions = subscriptions
        self.appended = appended
        self.sender = WebhookSender(configuration)
        self.logger = logger
    }

    /// Until graceful shutdown: requests that are under way are finished, and what they did is settled.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            var (assignments, failures) = ([UUID: WebhookAssignment](), 0)
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                do {
                    assign(try await webhooks.enabledWebhooks(), &assignments, in: &group)
                    failures = 0
                } catch {
                    failures += 1
                    if failures == 1, !Task.isCancelled {
                        logger.error("Webhooks cannot be read", metadata: ["error": "\(error)"])
                    }
                }
                _ = try? await cancelWhenGracefulShutdown {
                    try await sender.configuration.clock.sleep(for: sender.configuration.pollInterval)
                }
            }
        }
    }

    /// Tells the relays what their endpoints are now, ends those that are not needed, and starts new ones.
    private func assign(
        _ endpoints: [WebhookEndpoint], _ assignments: inout [UUID: WebhookAssignment],
        in group: inout DiscardingTaskGroup
    ) {
        let present = Dictionary(uniqueKeysWithValues: endpoints.map { ($0.id, $0) })
        for (id, assignment) in assignments {
            // One that was disabled and enabled again has lost its relay.
            let isEnded = assignment.endpoint == nil
            if !isEnded { assignment.update(present[id]) }
            if isEnded || present[id] == nil { assignments[id] = nil }
        }
        for endpoint in endpoints where assignments[endpoint.id] == nil {
            let assignment = WebhookAssignment(endpoint)
            assignments[endpoint.id] = assignment
            let relay = WebhookRelay(
                assignment, webhooks: webhooks, subscriptions: subscriptions, appended: appended, sender: sender,
                logger: logger)
            group.addTask { await relay.run() }
        }
    }
}
