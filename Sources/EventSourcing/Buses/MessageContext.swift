public import FoundationEssentials

/// On whose behalf a message is handled, and what it belongs to; handed from the edge to every event.
///
/// Wherever a message is handled, its context is ``current``: in a request, a command, a query, a handler of events and
/// a worker of jobs. What a handler does by itself is caused by its event; see ``init(causedBy:command:source:now:)``.
public struct MessageContext: Hashable, Sendable {
    /// The context of the message that is being handled; nil where none is.
    @TaskLocal public static var current: MessageContext?

    /// Whose data is touched.
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
    /// On whose behalf; nil where there is no authentication.
    public let user: User?
    /// The network address from which the request came that set this off; nil where it did not come over a network.
    public let caller: String?
    /// Where the message belongs in a distributed trace: the `traceparent` (W3C Trace Context) of the span that handles it.
    public let traceparent: String?
    /// The service or module that handles the message.
    public let source: String
    /// The time by which everything in this message is decided, to the microsecond: what an event says in memory is what
    /// it says when it is read from a store.
    public let now: Date

    /// - Parameter commandID: unless it is stated, that of `command`.
    public init(
        tenant: TenantID, correlationID: String, causationID: String? = nil, commandID: String? = nil,
        command: CommandKey? = nil, user: User? = nil, caller: String? = nil, traceparent: String? = nil,
        source: String, now: Date
    ) {
        let commandID = commandID ?? command?.id
        self.tenant = tenant
        self.correlationID = correlationID
        self.causationID = causationID ?? commandID ?? correlationID
        self.commandID = commandID
        self.command = command
        self.user = user
        self.caller = caller
        self.traceparent = traceparent
        self.source = source
        self.now = RFC3339.rounded(now)
    }

    /// The context of what an event sets off: of the same tenant, correlation, user, caller and trace, and caused by it.
    ///
    /// - Throws: ``UndecodableEvent`` when the event's metadata is not an ``EventMetadata``.
    public init(
        causedBy event: RecordedEvent, command: CommandKey? = nil, source: String, now: Date
    ) throws(UndecodableEvent) {
        let metadata = try event.decodeMetadata()
        self.init(
            tenant: event.tenant, correlationID: metadata.correlationID, causationID: event.id.text, command: command,
            user: metadata.user, caller: metadata.caller, traceparent: metadata.traceparent, source: source, now: now)
    }

    /// The same context for a command that is handled once.
    public func with(_ command: CommandKey) -> MessageContext {
        MessageContext(
            tenant: tenant, correlationID: correlationID, causationID: causationID, command: command, user: user,
            caller: caller, traceparent: traceparent, source: source, now: now)
    }

    /// The metadata of an event that is decided in this context.
    func eventMetadata() -> EventMetadata {
        EventMetadata(
            correlationID: correlationID, causationID: causationID, commandID: commandID, user: user, caller: caller,
            traceparent: traceparent, source: source, occurredAt: now)
    }
}
