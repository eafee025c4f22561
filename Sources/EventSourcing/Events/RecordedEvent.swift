public import FoundationEssentials

/// An event as a store keeps it: its place in the log and in its stream, and the exact bytes that were appended.
public struct RecordedEvent: Hashable, Sendable {
    public static func == (l: Self, r: Self) -> Bool { l.position == r.position && l.id == r.id && l.data == r.data && l.metadata == r.metadata && l.number == r.number && l.recordedAt == r.recordedAt && l.stream == r.stream && l.revision == r.revision && l.type == r.type }
    public func hash(into h: inout Hasher) { h.combine(id) }

    public let position: Position
    public let stream: StreamName
    public let revision: Revision
    public let id: UUID
    public let type: EventType
    public let data: EventPayload
    /// The encoded ``EventMetadata``; see ``decodeMetadata()``.
    public let metadata: EventPayload
    /// When the store wrote it, by the store's clock; never earlier than that of the position before.
    public let recordedAt: Date
    public let number: Int64?
    package let domainEvent: (any DomainEvent)?

    public init(
        position: Position, stream: StreamName, revision: Revision, id: UUID, type: EventType, data: EventPayload,
        metadata: EventPayload, recordedAt: Date, number: Int64? = nil, domainEvent: (any DomainEvent)? = nil
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

    public var tenant: TenantID { stream.tenant }

    /// The data was taken away; the event and its place remain.
    public var isRedacted: Bool { data == .redacted }

    /// - Throws: `DecodingError` when the stored metadata is not an ``EventMetadata``.
    public func decodeMetadata() throws -> EventMetadata { try metadata.decode(EventMetadata.self) }

    /// The number that the store has given the event in its sequence; nil for one without a sequence. Of what
    /// ``decodeMetadata()`` tells it is the member that is read most.
    ///
    /// - Throws: `DecodingError` when the stored metadata cannot be read.
    public var sequenceNumber: Int64? {
        get throws { try metadata.decode(SequenceNumber.self).sequenceNumber }
    }

    private struct SequenceNumber: Decodable {
        let sequenceNumber: Int64?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: EventMetadata.CodingKeys.self)
            sequenceNumber = try container.decodeIfPresent(Int64.self, forKey: .sequenceNumber)
        }
    }

    /// The same event with other data.
    package func replacing(data: EventPayload) -> RecordedEvent {
        RecordedEvent(
            position: position, stream: stream, revision: revision, id: id, type: type, data: data, metadata: metadata,
            recordedAt: recordedAt)
    }
}
