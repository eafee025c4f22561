public import FoundationEssentials

/// An event as a store keeps it: its place in the log and in its stream, and the exact bytes that were appended.
public struct RecordedEvent: Sendable {
    /// Its place in the log, from 1.
    public let position: Position
    /// The stream that it was appended to.
    public let stream: StreamName
    /// Its place in the stream, from 0.
    public let revision: Revision
    /// Unique within the stream; chosen by the writer.
    public let id: UUID
    /// The name that it is stored under.
    public let type: EventType
    /// The payload as it is stored, before any upcasting.
    public let data: EventPayload
    /// The encoded ``EventMetadata``; see ``decodeMetadata()``.
    public let metadata: EventPayload
    /// When the store wrote it, by the store's clock. Where that was set back by more than a second, it is earlier than that
    /// of the position before; the order of the log is that of the positions.
    public let recordedAt: Date
    /// The number that the store gave the event in its sequence, from 1; nil for an event without a sequence, see
    /// ``DomainEvent/sequence``.
    public let number: Int64?
    /// The domain event that was appended, with its number: it saves those who read the event in the same process from
    /// decoding it. Nil for an event that was read from the store. Equal records may differ in it.
    package let domainEvent: (any DomainEvent)?

    /// For stores, which make it of what they have read.
    public init(
        position: Position, stream: StreamName, revision: Revision, id: UUID, type: EventType, data: EventPayload,
        metadata: EventPayload, recordedAt: Date, number: Int64? = nil
    ) {
        self.init(
            position: position, stream: stream, revision: revision, id: id, type: type, data: data, metadata: metadata,
            recordedAt: recordedAt, number: number, domainEvent: nil)
    }

    /// What a store has recorded of a new event.
    package init(
        _ event: NewEvent, in stream: StreamName, revision: Revision, position: Position, recordedAt: Date,
        number: Int64?
    ) {
        var domainEvent = event.domainEvent
        if let number { domainEvent = domainEvent?.numbered(number) }
        self.init(
            position: position, stream: stream, revision: revision, id: event.id, type: event.type, data: event.data,
            metadata: event.metadata, recordedAt: recordedAt, number: number, domainEvent: domainEvent)
    }

    private init(
        position: Position, stream: StreamName, revision: Revision, id: UUID, type: EventType, data: EventPayload,
        metadata: EventPayload, recordedAt: Date, number: Int64?, domainEvent: (any DomainEvent)?
    ) {
        self.position = position
        self.stream = stream
        self.revision = revision
        self.id = id
        self.type = type
        self.data = data
        self.metadata = metadata
        self.recordedAt = recordedAt
        self.number = number
        self.domainEvent = domainEvent
    }

    /// Whose event it is: the tenant of its stream.
    public var tenant: TenantID { stream.tenant }

    /// The data was taken away; the event and its place remain.
    public var isRedacted: Bool { data == .redacted }

    /// - Throws: when the stored metadata is not an ``EventMetadata``.
    public func decodeMetadata() throws(UndecodableEvent) -> EventMetadata {
        do {
            return try metadata.decode(EventMetadata.self)
        } catch {
            throw UndecodableEvent(record: self, reason: "its metadata does not decode: \(error)")
        }
    }

    /// By when it had happened: the earlier of the times that its writer's clock and the store's clock told, so that one that
    /// is ahead hides nothing. Metadata that cannot be read tells no time.
    public var happenedAt: Date { (try? decodeMetadata()).map { min($0.occurredAt, recordedAt) } ?? recordedAt }

    /// The same event with other data.
    package func replacing(data: EventPayload) -> RecordedEvent {
        RecordedEvent(
            position: position, stream: stream, revision: revision, id: id, type: type, data: data, metadata: metadata,
            recordedAt: recordedAt, number: number)
    }
}

/// Two records are equal when the store keeps the same.
extension RecordedEvent: Hashable {
    /// Compares what a store returns, without what is derived from it.
    public static func == (left: Self, right: Self) -> Bool {
        left.position == right.position && left.stream == right.stream && left.revision == right.revision
            && left.id == right.id && left.type == right.type && left.data == right.data
            && left.metadata == right.metadata && left.recordedAt == right.recordedAt && left.number == right.number
    }

    /// Hashes the position, which differs for different events of a log.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(position)
        hasher.combine(id)
    }
}
