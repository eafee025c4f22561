import EventSourcing
import HTTPConventions
import HTTPTypes

extension ProblemKind {
    static let webhookNotFound = ProblemKind(
        "webhook-not-found", .notFound, title: "There is no such webhook",
        advice: "There is no webhook with this id. GET /webhooks lists those that there are.")

    static let webhookLimitReached = ProblemKind(
        "webhook-limit-reached", .conflict, title: "There are as many webhooks as there can be",
        advice: "There are \(WebhookLimits.endpoints) webhooks. Delete one before you create another.")

    static let webhookChanged = ProblemKind(
        "webhook-changed", .preconditionFailed, title: "The webhook has changed since",
        advice: "Read the webhook again and decide anew, with its present ETag.")

    /// Those that only webhooks have.
    static let ofWebhooks = [webhookNotFound, webhookLimitReached, webhookChanged]
}

extension Problem {
    /// Nil for an error that is not of webhooks.
    init?(ofWebhooks error: any Error) {
        switch error {
        case is WebhookNotFound: self.init(.webhookNotFound)
        case is WebhookLimitReached: self.init(.webhookLimitReached)
        case let error as WebhookChanged:
            self.init(
                .webhookChanged,
                """
                The webhook is at revision \(error.actual), which If-Match does not name. Read it again and decide anew.
                """, headers: [.eTag: EntityTag.text(for: error.actual)])
        default: return nil
        }
    }
}
