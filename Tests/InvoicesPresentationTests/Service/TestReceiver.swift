import EventSourcing
import Foundation
import Synchronization

/// Stands for the receivers of webhooks: answers tests as a test wants it.
final class TestReceiver: WebhookTester {
    private let outcome = Mutex(WebhookDelivery.Outcome.delivered(status: 200))

    func answer(_ outcome: WebhookDelivery.Outcome) { self.outcome.withLock { $0 = outcome } }

    func test(_ endpoint: WebhookEndpoint) async -> WebhookDelivery {
        WebhookDelivery(
            id: .v7(), endpoint: endpoint.id, event: .v7(), type: "webhooks.endpoint.tested.v1", position: nil,
            attempt: 1, at: TestClock.start, duration: .milliseconds(12), outcome: outcome.withLock(\.self))
    }
}
