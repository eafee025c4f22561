public import FoundationEssentials

/// On whose behalf a message is handled, and what it belongs to; handed from the edge to every event.
public struct MessageContext: Sendable {
    public let tenant: TenantID
    /// Joins everything that one request sets off.
    public let correlationID: String
    /// The message that caused this one.
    public let causationID: String
    /// The command's own id where the caller gave one.
    public let commandID: String?
    /// What makes the command one that is handled once, however often it is sent; nil where the caller does not ask for
    /// that.
    public let command: CommandKey?
    public let user: User?
    /// The service or module that handles the message.
    public let source: String
    /// The time by which everything in this message is decided, to the microsecond: what an event says in memory is what
    /// it says when it is read from a store.
    public let now: Date

    /// - Parameter commandID: unless it is stated, that of `command`.
    public init(
        tenant: TenantID, correlationID: String, causationID: String? = nil, commandID: String? = nil,
        command: CommandKey? = nil, user: User? = nil, source: String, now: Date
    ) {
        let commandID = commandID ?? command?.id
        self.tenant = tenant
        self.correlationID = correlationID
        self.causationID = causationID ?? commandID ?? correlationID
        self.commandID = commandID
        self.command = command
        self.user = user
        self.source = source
        self.now = RFC3339.rounded(now)
    }

    /// The metadata of an event that is decided in this context.
    func eventMetadata() -> EventMetadata {
        EventMetadata(
            correlationID: correlationID, causationID: causationID, commandID: commandID, user: user, source: source,
            occurredAt: now)
    }
}
