import EventSourcing
import FoundationEssentials

extension JSONWriter {
    /// The object `Webhook` of `openapi.yaml`. Secrets stay out.
    mutating func webhook(_ webhook: WebhookEndpoint, at now: Date) {
        object { json in
            json.member("id", webhook.id)
            json.member("url", webhook.url.description)
            json.member("description", webhook.description)
            json.member("eventTypes") { json in json.array(webhook.types.patterns) { $0.string($1) } }
            json.member("enabled", webhook.isEnabled)
            if case .disabled(let reason, let since) = webhook.status {
                json.member("disabledReason", reason)
                json.member("disabledAt", since)
            } else {
                json.member("disabledReason", String?.none)
                json.member("disabledAt", Date?.none)
            }
            json.member("failingSince", webhook.failingSince)
            let previous = webhook.secrets.previous.flatMap { $0.expiry > now ? $0.expiry : nil }
            json.member("previousSecretExpiresAt", previous)
            json.member("createdAt", webhook.createdAt)
            json.member("revision", webhook.revision.rawValue)
        }
    }

    /// The object `WebhookWithSecret`: the one time that the secret is told.
    mutating func webhookWithSecret(_ webhook: WebhookEndpoint, at now: Date) {
        object { json in
            json.member("webhook") { $0.webhook(webhook, at: now) }
            json.member("secret", webhook.secrets.current.text)
        }
    }

    /// The object `WebhookDelivery`.
    mutating func webhookDelivery(_ delivery: WebhookDelivery) {
        object { json in
            json.member("id", delivery.id)
            json.member("eventId", delivery.event)
            json.member("eventType", delivery.type)
            json.member("position") { json in
                if let position = delivery.position { json.literal(String(position.rawValue)) } else { json.null() }
            }
            json.member("attempt", Int64(delivery.attempt))
            json.member("at", delivery.at)
            json.member("durationMilliseconds", Int64((delivery.duration / .milliseconds(1)).rounded()))
            json.member("delivered", delivery.isDelivered)
            json.member("status") { json in
                if let status = delivery.status { json.literal(String(status)) } else { json.null() }
            }
            json.member("failure", delivery.failure)
        }
    }
}
