public import FoundationEssentials

/// An event that is about to be appended: its identity, its type, and the bytes to store.
public struct NewEvent: Hashable, Sendable {
    /// Unique within its stream; an append repeated with the same ids has the effect of once.
    public let id: UUID
    public let type: EventType
    public let data: EventPayload
    /// The encoded ``EventMetadata``.
    public let metadata: EventPayload

    public init(id: UUID, type: EventType, data: EventPayload, metadata: EventPayload) {
        self.id = id
        self.type = type
        self.data = data
        self.metadata = metadata
    }

    /// Encodes a domain event and its metadata.
    ///
    /// - Throws: what the encoder throws, or ``InvalidName`` when the event's stored name breaks the naming scheme.
    public init(_ event: some DomainEvent, id: UUID, metadata: EventMetadata) throws {
        try self.init(
            id: id, type: EventType(event.name.rawValue), data: event.encode(),
            metadata: EventPayload(encoding: metadata))
    }

    /// Data and metadata together, in bytes.
    public var size: Int { data.bytes.count + metadata.bytes.count }
}
