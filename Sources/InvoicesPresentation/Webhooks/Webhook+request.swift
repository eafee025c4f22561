import EventSourcing
import FoundationEssentials
import HTTPConventions

/// What a request to change a webhook says. What is left out stays as it is.
struct WebhookChanges {
    var url: WebhookURL?
    var description: String?
    var types: WebhookEventTypes?
    var isEnabled: Bool?

    init(_ body: inout ObjectReader, _ policy: WebhookNetworkPolicy) {
        url = body.optional("url", as: .webhookURL(policy))
        description = body.optional("description", as: .webhookDescription)
        types = body.optional("eventTypes", as: .webhookEventTypes)
        isEnabled = body.optional("enabled", as: .bool)
    }

    func apply(to webhook: inout WebhookEndpoint, at now: Date) {
        if let url { webhook.url = url }
        if let description { webhook.description = description }
        if let types { webhook.types = types }
        switch isEnabled {
        case true?: webhook.enable()
        case false?: webhook.disable(because: "it was disabled by a request", at: now)
        case nil: break
        }
    }
}

/// What a request to create a webhook says.
struct NewWebhook {
    let url: WebhookURL
    let description: String
    let types: WebhookEventTypes

    init?(_ body: inout ObjectReader, _ policy: WebhookNetworkPolicy) {
        let url = body.required("url", as: .webhookURL(policy))
        let description = body.optional("description", as: .webhookDescription, default: "")
        let types = body.optional("eventTypes", as: .webhookEventTypes, default: .ofInvoices)
        guard let url else { return nil }
        self.url = url
        self.description = description
        self.types = types
    }
}

/// What a request to rotate a secret says.
struct SecretRotation {
    /// In seconds.
    var previousValidFor: Int64 = 86_400

    static let validities: ClosedRange<Int64> = 0...604_800

    init() {}

    init(_ body: inout ObjectReader) {
        previousValidFor = body.optional(
            "previousValidForSeconds",
            as: .integer(in: Self.validities, "seconds", example: "86400 for a day"), default: previousValidFor)
    }
}

extension WebhookReplay {
    /// Reads the body of a request to deliver events again: exactly one of its members is given.
    init?(_ body: inout ObjectReader) {
        let position = body.optional(
            "afterPosition", as: .integer(in: 0...(.max), "positions of the log", example: "0 for all that there are"))
        let time = body.optional("since", as: .time)
        let event = body.optional("eventId", as: .eventID)
        let given = ["afterPosition", "since", "eventId"].filter { body.gives($0) }
        guard given.count == 1 else {
            if given.isEmpty {
                body.add(.required, to: "afterPosition", "Send one of afterPosition, since and eventId.")
            }
            for name in given.dropFirst() {
                body.add(.contradiction, to: name, "Send one of afterPosition, since and eventId, not several.")
            }
            return nil
        }
        if let position {
            self = .after(Position(position))
        } else if let time {
            self = .since(time)
        } else if let event {
            self = .event(event)
        } else {
            return nil
        }
    }
}

extension MemberFormat where Value == UUID {
    fileprivate static let eventID = text(
        "Send the event's UUID, as a string.", else: .notAUUID, written: \.text, read: UUID.init(text:))
}
