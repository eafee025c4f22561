public import FoundationEssentials

/// An event's data was taken away: readers that keep something of it are to let it go.
public struct EventRedacted: Codable, Hashable, Sendable {
    /// The event that has lost its data.
    public let eventId: UUID
    /// The whole name of its stream.
    public let stream: String
    /// Its place in the stream, from 0.
    public let revision: Int64
    /// Its place in the log, from 1.
    public let position: Int64
    /// Why, as the administrator said.
    public let reason: String
    /// Who did it; nil where there is no authentication.
    public let actor: User?
    /// When it was done.
    public let redactedAt: Date

    package init(of event: RecordedEvent, reason: String, in context: MessageContext) {
        eventId = event.id
        stream = event.stream.rawValue
        revision = event.revision.rawValue
        position = event.position.rawValue
        self.reason = reason
        actor = context.user
        redactedAt = context.now
    }
}

/// What is announced about redactions, in a stream for each redacted event.
public enum RedactionEvent: DomainEvent, Hashable {
    case redacted(EventRedacted)

    /// The stored name, which never changes.
    public enum Name: String, CaseIterable, Sendable {
        case redacted = "privacy.event.redacted.v1"
    }

    /// See ``DomainEvent/name``.
    public var name: Name { .redacted }

    /// See ``DomainEvent/encode()``.
    public func encode() throws -> EventPayload {
        switch self {
        case .redacted(let redacted): try EventPayload(encoding: redacted)
        }
    }

    /// See ``DomainEvent/init(_:from:)``.
    public init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .redacted: self = .redacted(try payload.decode(EventRedacted.self))
        }
    }
}

extension RedactionEvent {
    /// The announcement of a redaction, and the stream that it goes to.
    package static func notice(
        of event: RecordedEvent, reason: String, in context: MessageContext
    ) throws -> (stream: StreamName, event: NewEvent) {
        let stream = try StreamName(
            category: StreamCategory(context: "privacy", aggregate: "event", schema: 1), tenant: event.tenant,
            entityID: event.id.text)
        let notice = RedactionEvent.redacted(EventRedacted(of: event, reason: reason, in: context))
        return (stream, try NewEvent(notice, id: .v7(), metadata: context.eventMetadata()))
    }
}
