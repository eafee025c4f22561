public import FoundationEssentials

/// An event that is about to be appended: its identity, its type, and the bytes to store.
public struct NewEvent: Hashable, Sendable {
    public static func == (l: Self, r: Self) -> Bool { l.id == r.id && l.type == r.type && l.data == r.data && l.metadata == r.metadata && l.sequence == r.sequence }
    public func hash(into h: inout Hasher) { h.combine(id) }

    /// Unique within its stream; an append repeated with the same ids has the effect of once.
    public let id: UUID
    public let type: EventType
    public let data: EventPayload
    /// The encoded ``EventMetadata``.
    public let metadata: EventPayload
    /// The sequence in which the store numbers the event; its metadata has to be a JSON object then, to which the store
    /// adds the number as the member `sequenceNumber`.
    public let sequence: SequenceName?
    var domainEvent: (any DomainEvent)?

    public init(
        id: UUID, type: EventType, data: EventPayload, metadata: EventPayload, sequence: SequenceName? = nil
    ) {
        self.id = id
        self.type = type
        self.data = data
        self.metadata = metadata
        self.sequence = sequence
    }

    /// Encodes a domain event, which is numbered in its ``DomainEvent/sequence``, and its metadata.
    ///
    /// - Throws: what the encoder throws, or ``InvalidName`` when the event's stored name breaks the naming scheme.
    public init(_ event: some DomainEvent, id: UUID, metadata: EventMetadata) throws {
        try self.init(event, id: id, metadata: EventPayload(encodingWithoutNumber: metadata))
    }

    /// The same, with metadata that is encoded already: that of all events of a decision.
    init(_ event: some DomainEvent, id: UUID, metadata: EventPayload) throws {
        try self.init(
            id: id, type: EventType(event.name.rawValue), data: event.encode(), metadata: metadata,
            sequence: event.sequence)
        domainEvent = event
    }

    /// Data and metadata together, in bytes, with the room that its number may take.
    public var size: Int { data.bytes.count + metadata.bytes.count + (sequence == nil ? 0 : Self.roomForNumber) }

    /// The bytes by which a number can make metadata larger.
    private static let roomForNumber = #""sequenceNumber":,"#.utf8.count + String(Int64.max).utf8.count
}

extension EventPayload {
    /// What ``NewEvent/metadata`` holds: the number comes from the store alone.
    init(encodingWithoutNumber metadata: EventMetadata) throws {
        var metadata = metadata
        metadata.sequenceNumber = nil
        try self.init(encoding: metadata)
    }
}
