import EventSourcing
import Foundation
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import Testing
import WebhookTesting

@testable import Webhooks

/// A log, webhooks and subscriptions in memory, with relays that are quick.
struct WebhookFixture: Sendable {
    let events = InMemoryEventStore()
    let subscriptions: InMemorySubscriptionStore
    let webhooks: InMemoryWebhookStore
    let tenant: TenantID
    let clock = MovableClock()

    init(now: @escaping @Sendable () -> Date = { Date() }) throws {
        tenant = try TenantID("acme")
        subscriptions = InMemorySubscriptionStore(on: events, now: now)
        webhooks = InMemoryWebhookStore(subscriptions, on: events, now: now)
    }

    var configuration: WebhookConfiguration {
        var configuration = WebhookConfiguration(source: "https://acme.example/invoices")
        configuration.policy = .privateNetworks
        configuration.timeout = .milliseconds(500)
        configuration.retryDelays = Array(repeating: .milliseconds(40), count: 200)
        configuration.breakerPauses = .milliseconds(20) ... .milliseconds(60)
        configuration.pollInterval = .milliseconds(20)
        configuration.clock = ServiceClock(.continuous, now: { [clock] in clock.now })
        return configuration
    }

    func endpoint(
        at url: String, types: [String] = ["*"], secret: WebhookSecret = .random()
    ) throws -> WebhookEndpoint {
        WebhookEndpoint(
            id: .v7(), tenant: tenant, url: try WebhookURL(url), types: try WebhookEventTypes(types), secret: secret,
            createdAt: clock.now)
    }

    func created(_ receiver: Receiver, types: [String] = ["*"], path: String = "/") async throws -> WebhookEndpoint {
        let endpoint = try endpoint(at: "http://127.0.0.1:\(receiver.port)\(path)", types: types)
        try await webhooks.create(endpoint)
        return endpoint
    }

    /// Appends events to streams, and returns their ids.
    @discardableResult
    func append(_ streams: String..., action: String = "happened") async throws -> [String] {
        var ids: [String] = []
        for name in streams {
            let metadata = EventMetadata(
                correlationID: "c", causationID: "c", source: "tests", occurredAt: Date(timeIntervalSince1970: 1))
            let event = try NewEvent(
                id: .v7(), type: EventType("tests.thing.\(action).v1"),
                data: EventPayload(bytes: Array(#"{"text":"äöü"}"#.utf8)), metadata: EventPayload(encoding: metadata))
            _ = try await events.append(
                [event],
                to: StreamName(
                    category: StreamCategory(context: "tests", aggregate: "thing", schema: 1), tenant: tenant,
                    entityID: name), expecting: .any)
            ids.append(event.id.text)
        }
        return ids
    }

    /// Runs as many relays as there would be processes, until `body` has returned.
    func relaying(
        processes: Int = 1, _ change: (inout WebhookConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        var configuration = configuration
        change(&configuration)
        try await testGracefulShutdown { [configuration] trigger in
            try await withThrowingTaskGroup { group in
                for _ in 0..<processes {
                    group.addTask {
                        try await WebhookRelays(
                            webhooks, subscriptions: subscriptions, appended: events.appended,
                            configuration: configuration,
                            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
                        ).run()
                    }
                }
                try await body()
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }

    func stored(_ endpoint: WebhookEndpoint) async throws -> WebhookEndpoint {
        try #require(try await webhooks.webhook(endpoint.id, of: tenant))
    }

    func deliveries(of endpoint: WebhookEndpoint) async throws -> [WebhookDelivery] {
        try await webhooks.deliveries(of: endpoint.id, tenant: tenant, before: nil, limit: 10_000).reversed()
    }

    func info(_ endpoint: WebhookEndpoint) async throws -> SubscriptionInfo {
        try await subscriptions.info(endpoint.subscriptionID)
    }
}

/// A clock that goes on by itself, and as far as a test moves it.
final class MovableClock: Sendable {
    private let offset = Mutex(0 as TimeInterval)

    var now: Date { Date().addingTimeInterval(offset.withLock(\.self)) }

    func advance(by time: TimeInterval) { offset.withLock { $0 += time } }
}

/// Waits until a condition holds.
func eventually(
    _ what: String = "", within limit: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("never: \(what)", sourceLocation: sourceLocation)
            throw CancellationError()
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
