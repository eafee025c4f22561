public import FoundationEssentials

/// What is known about an event besides its data: who caused it, when, and what it belongs to.
///
/// Event id, tenant and schema version are part of the envelope too; they have fields of their own in
/// ``NewEvent`` and ``RecordedEvent``.
public struct EventMetadata: Codable, Hashable, Sendable {
    /// Joins everything that one request set off, across services.
    public var correlationID: String
    /// The message that caused this event: a command's or an event's id.
    public var causationID: String
    /// The command that decided the event, where the caller named it.
    public var commandID: String?
    /// On whose behalf the command was sent; nil where there is no authentication.
    public var user: User?
    /// The network address from which the request came that set this off, where it came over a network.
    public var caller: String?
    /// Where the event belongs in a distributed trace: the `traceparent` (W3C Trace Context) of the span that wrote it.
    public var traceparent: String?
    /// The service or module that wrote the event.
    public var source: String
    /// When it happened, by the clock of who decided it.
    public var occurredAt: Date
    /// The media type of the data.
    public var contentType: String

    /// Makes metadata for ``NewEvent``; times are stored to the microsecond.
    public init(
        correlationID: String, causationID: String, commandID: String? = nil, user: User? = nil,
        caller: String? = nil, traceparent: String? = nil, source: String, occurredAt: Date,
        contentType: String = "application/json"
    ) {
        self.correlationID = correlationID
        self.causationID = causationID
        self.commandID = commandID
        self.user = user
        self.caller = caller
        self.traceparent = traceparent
        self.source = source
        self.occurredAt = occurredAt
        self.contentType = contentType
    }

    enum CodingKeys: String, CodingKey {
        case correlationID = "correlationId"
        case causationID = "causationId"
        case commandID = "commandId"
        case user, caller, traceparent, source, occurredAt, contentType
    }
}

/// The person or machine on whose behalf a message is handled.
public struct User: Codable, Hashable, Sendable {
    /// Identifies the user in the system that authenticated him.
    public let id: String
    /// For people who read the audit trail; it is stored in plain.
    public let email: String?
    /// For people who read the audit trail; it is stored in plain.
    public let name: String?

    /// Makes a user; leave out what should not be in the log for ever.
    public init(id: String, email: String? = nil, name: String? = nil) {
        self.id = id
        self.email = email
        self.name = name
    }
}
