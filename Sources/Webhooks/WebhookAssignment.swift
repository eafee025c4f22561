import EventSourcing
import FoundationEssentials
import Synchronization

/// What a relay works for: an endpoint as it is now, until it is taken away.
final class WebhookAssignment: Sendable {
    let id: UUID
    private let state: Mutex<WebhookEndpoint?>

    init(_ endpoint: WebhookEndpoint) {
        id = endpoint.id
        state = Mutex(endpoint)
    }

    /// Nil when the endpoint is disabled or deleted.
    var endpoint: WebhookEndpoint? { state.withLock(\.self) }

    /// An endpoint that was read earlier than the one that is known changes nothing, nor does any after it was taken away.
    func update(_ endpoint: WebhookEndpoint?) {
        state.withLock { known in
            if let endpoint, let present = known, endpoint.revision < present.revision { return }
            if known != nil { known = endpoint }
        }
    }
}
