public import FoundationEssentials

/// What is to leave for a sink: the port for a publisher of one's own, where a ``Relay`` does not fit.
///
/// The log is the outbox: every event that the sink wants is a record of it already. Only messages that are no events are
/// added.
public protocol Outbox: Sendable {
    /// Adds messages that are no events, all of a tenant or none. A message that was added before is not added again.
    ///
    /// - Throws: ``OutboxMessageUnwanted`` when the sink does not want one of them, and what the event store throws.
    func add(_ messages: [OutboxMessage]) async throws

    /// Takes pending records for publishing, those with the lowest ids first. They stay with the caller until it marks them
    /// or the message time-out is over; those of a stream are with one caller at a time.
    func nextBatch(limit: Int) async throws -> [OutboxRecord]

    /// - Throws: ``OutboxRecordNotTaken`` when one of them is not, or no longer, with the caller.
    func markPublished(_ ids: [OutboxRecord.ID]) async throws

    /// Notes a failed attempt. The record comes again after a pause, or has failed if it was the last attempt. Those that
    /// were taken with it and are behind it in its stream are pending again: they are no longer with the caller.
    ///
    /// - Throws: ``OutboxRecordNotTaken`` when it is not, or no longer, with the caller.
    func markFailed(_ id: OutboxRecord.ID, error: String) async throws
}

/// A message that is no event.
public struct OutboxMessage: Hashable, Sendable {
    /// Unique under its key.
    public let id: UUID
    /// Of the form of an event's type; sinks select by it.
    public let type: EventType
    /// What the sink gets as the event's data.
    public let payload: EventPayload
    /// The encoded ``EventMetadata``.
    public let metadata: EventPayload
    /// Whose message it is.
    public let tenant: TenantID
    /// Messages of one key leave in their order, 1 to 128 ASCII letters, digits or any of `- _ . : ~`; nil for no order.
    public let key: String?

    /// Makes a message; those of one `key` are sent in the order in which they were added.
    public init(
        id: UUID = .v7(), type: EventType, payload: EventPayload, metadata: EventPayload, tenant: TenantID,
        key: String? = nil
    ) {
        self.id = id
        self.type = type
        self.payload = payload
        self.metadata = metadata
        self.tenant = tenant
        self.key = key
    }
}

/// A message that would never be sent: the sink's filter does not pass it.
public struct OutboxMessageUnwanted: Error, Hashable, Sendable, CustomStringConvertible {
    /// The type that no route of the sink wants.
    public let type: EventType
    /// The name of the sink.
    public let sink: String

    /// Names both, and says what to do.
    public var description: String { "the sink \"\(sink)\" does not want \(type): add the type to one of its routes" }
}

/// A record that is not with the caller: it never was, or it was taken back.
public struct OutboxRecordNotTaken: Error, Hashable, Sendable, CustomStringConvertible {
    /// The record that is not in hand.
    public let id: OutboxRecord.ID

    /// For implementations of ``Outbox``.
    public init(id: OutboxRecord.ID) { self.id = id }

    /// Names the record, and says what to do.
    public var description: String { "record \(id) is not in hand: take it with nextBatch first" }
}

extension OutboxMessageUnwanted: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

extension OutboxRecordNotTaken: CategorizedError {
    /// Read again and decide again.
    public var category: ErrorCategory { .conflict }
}
