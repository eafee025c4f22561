public import EventSourcing
public import FoundationEssentials

/// What an endpoint is sent: an event as a CloudEvent in JSON.
public struct WebhookMessage: Hashable, Sendable {
    /// The event's id, which is the `webhook-id`.
    public let id: UUID
    /// The type of the event, as the CloudEvent names it.
    public let type: String
    /// Nil for a test.
    public let position: Position?
    /// The CloudEvent as JSON: what is signed and sent.
    public let body: [UInt8]
    /// The header of the same name (W3C Trace Context); nil for an event that belongs to no trace.
    public let traceparent: String?

    /// The type of the event of a test. No log has an event of this type.
    public static let testType = "webhooks.endpoint.tested.v1"

    /// - Parameter source: where the event comes from, as an absolute URI; see ``/EventSourcing/CloudEvent``.
    /// - Throws: what ``/EventSourcing/CloudEvent/init(_:source:schemas:)`` throws.
    public init(_ event: RecordedEvent, source: String) throws {
        id = event.id
        type = event.type.rawValue
        position = event.position
        let cloudEvent = try CloudEvent(event, source: source)
        body = cloudEvent.json
        traceparent = cloudEvent.attributes["traceparent"]
    }

    /// An event whose only purpose is to test whether the endpoint can be reached.
    public init(testing endpoint: WebhookEndpoint, id: UUID, source: String, at now: Date) {
        self.id = id
        type = Self.testType
        position = nil
        traceparent = nil
        body = JSONWriter.bytes { json in
            json.object { json in
                json.member("id", id)
                json.member("source", source)
                json.member("specversion", "1.0")
                json.member("tenant", endpoint.tenant.rawValue)
                json.member("time", now)
                json.member("type", Self.testType)
                json.member("datacontenttype", "application/json")
                json.member("data") { json in json.object { $0.member("webhookId", endpoint.id) } }
            }
        }
    }
}
