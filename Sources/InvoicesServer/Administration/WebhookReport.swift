import EventSourcing
import FoundationEssentials

/// The document of `invoices webhooks list` and `show`.
struct WebhookReports: Encodable {
    let webhooks: [WebhookReport]

    /// A line for each webhook.
    var list: String {
        guard !webhooks.isEmpty else { return "There is no webhook." }
        var table = TextTable("WEBHOOK", "STATE", "FAILING SINCE", "EVENTS", "URL")
        for webhook in webhooks {
            table.add(
                webhook.id, webhook.state, webhook.failingSince.map { $0.spoken() } ?? "",
                webhook.eventTypes.joined(separator: ","), webhook.url)
        }
        return table.text
    }

    /// Everything about each of them.
    var details: String { webhooks.isEmpty ? list : webhooks.map(\.details).joined(separator: "\n\n") }
}

/// How a webhook is doing, without its secrets. What does not apply is left out of the document.
struct WebhookReport: Encodable {
    let id: String
    let tenant: String
    let url: String
    let description: String
    let eventTypes: [String]
    let enabled: Bool
    let disabledReason: String?
    let disabledAt: Date?
    let failingSince: Date?
    let createdAt: Date
    let revision: Int64
    /// Events of the log that were not looked at yet, those that wait, and those that were given up.
    var behind: Int64?
    var pending: Int?
    var parked: Int?
    /// Told only when the secret is new.
    var secret: String?

    init(_ webhook: WebhookEndpoint, _ info: SubscriptionInfo? = nil, secret: WebhookSecret? = nil) {
        id = webhook.id.text
        tenant = webhook.tenant.rawValue
        url = webhook.url.description
        description = webhook.description
        eventTypes = webhook.types.patterns
        enabled = webhook.isEnabled
        if case .disabled(let reason, let since) = webhook.status {
            (disabledReason, disabledAt) = (reason, since)
        } else {
            (disabledReason, disabledAt) = (nil, nil)
        }
        failingSince = webhook.failingSince
        createdAt = webhook.createdAt
        revision = webhook.revision.rawValue
        behind = info?.lag
        pending = info.map { $0.waiting + $0.inFlight + $0.retrying }
        parked = info.map { $0.parked + $0.held }
        self.secret = secret?.text
    }

    fileprivate var state: String { enabled ? failingSince == nil ? "enabled" : "failing" : "disabled" }

    var details: String {
        var lines = ["\(id) of tenant \(tenant), \(state)", "  url        \(url)"]
        if !description.isEmpty { lines.append("  for        \(description)") }
        lines.append("  events     \(eventTypes.joined(separator: ", "))")
        if let disabledReason, let disabledAt {
            lines.append("  disabled   since \(disabledAt.spoken()): \(disabledReason)")
        }
        if let failingSince { lines.append("  failing    since \(failingSince.spoken())") }
        if let pending, let parked, let behind {
            lines.append("  waiting    \(pending), given up \(parked); \(behind) events of the log not looked at")
        }
        lines.append("  created    \(createdAt.spoken())")
        if let secret { lines.append("  secret     \(secret)  (it is not told again)") }
        return lines.joined(separator: "\n")
    }
}

/// The document of `invoices webhooks deliveries` and `test`.
struct WebhookDeliveriesReport: Encodable {
    struct Delivery: Encodable {
        let id: String
        let eventId: String
        let eventType: String
        let position: Int64?
        let attempt: Int
        let at: Date
        let milliseconds: Int64
        let delivered: Bool
        let status: Int?
        let failure: String?

        init(_ delivery: WebhookDelivery) {
            id = delivery.id.text
            eventId = delivery.event.text
            eventType = delivery.type
            position = delivery.position?.rawValue
            attempt = delivery.attempt
            at = delivery.at
            milliseconds = Int64((delivery.duration / .milliseconds(1)).rounded())
            delivered = delivery.isDelivered
            status = delivery.status
            failure = delivery.failure
        }
    }

    let webhook: String
    let deliveries: [Delivery]

    init(webhook: String, _ deliveries: [WebhookDelivery]) {
        self.webhook = webhook
        self.deliveries = deliveries.map(Delivery.init)
    }

    var text: String {
        guard !deliveries.isEmpty else { return "Nothing was sent to webhook \(webhook) yet." }
        var table = TextTable("AT", "EVENT", "TYPE", " POSITION", " ATTEMPT", " MS", "OUTCOME")
        for delivery in deliveries {
            table.add(
                RFC3339.string(from: delivery.at), delivery.eventId, delivery.eventType,
                delivery.position.map(String.init) ?? "test", "\(delivery.attempt)", "\(delivery.milliseconds)",
                delivery.failure ?? "delivered, \(delivery.status ?? 0)")
        }
        return table.text
    }
}
