public import FoundationEssentials

/// An event that is about to be appended: its identity, its type, and the bytes to store.
public struct NewEvent: Sendable {
    /// Unique within its stream; an append repeated with the same ids has the effect of once.
    public let id: UUID
    /// The name that it is stored under.
    public let type: EventType
    /// The encoded payload.
    public let data: EventPayload
    /// The encoded ``EventMetadata``.
    public let metadata: EventPayload
    /// The sequence in which the store numbers the event; see ``RecordedEvent/number``.
    public let sequence: SequenceName?
    /// What a query finds the event by; see ``EventReader/read(_:in:after:limit:)``.
    public let tags: Set<EventTag>
    /// The domain event that the bytes were encoded from; see ``RecordedEvent/domainEvent``.
    package let domainEvent: (any DomainEvent)?

    /// Makes an event of bytes that are encoded already, for imports and tools.
    public init(
        id: UUID, type: EventType, data: EventPayload, metadata: EventPayload, sequence: SequenceName? = nil,
        tags: Set<EventTag> = []
    ) {
        self.init(id: id, type: type, data: data, metadata: metadata, sequence: sequence, tags: tags, domainEvent: nil)
    }

    /// Encodes a domain event, which is numbered in its ``DomainEvent/sequence``, and its metadata.
    ///
    /// The store passes the domain event on to those who read what was just appended, in place of one that is decoded
    /// anew. So decoding what it encodes has to give an equal event: check that with
    /// `expectRoundTrip(of:)` of `EventSourcingTesting`.
    ///
    /// - Throws: what the encoder throws, or ``InvalidName`` when the event's stored name breaks the naming scheme.
    public init(_ event: some DomainEvent, id: UUID, metadata: EventMetadata) throws {
        try self.init(event, id: id, metadata: EventPayload(encoding: metadata))
    }

    /// The same, with metadata that is encoded already: that of all events of a decision.
    init(_ event: some DomainEvent, id: UUID, metadata: EventPayload) throws {
        try self.init(
            id: id, type: EventType(event.name.rawValue), data: event.encode(), metadata: metadata,
            sequence: event.sequence, tags: [], domainEvent: event)
    }

    /// The same event with these tags.
    public func tagged(_ tags: Set<EventTag>) -> NewEvent {
        NewEvent(
            id: id, type: type, data: data, metadata: metadata, sequence: sequence, tags: tags,
            domainEvent: domainEvent)
    }

    /// The same event with other data, and without the domain event that the data was encoded from.
    func replacing(data: EventPayload) -> NewEvent {
        NewEvent(id: id, type: type, data: data, metadata: metadata, sequence: sequence, tags: tags)
    }

    private init(
        id: UUID, type: EventType, data: EventPayload, metadata: EventPayload, sequence: SequenceName?,
        tags: Set<EventTag>, domainEvent: (any DomainEvent)?
    ) {
        self.id = id
        self.type = type
        self.data = data
        self.metadata = metadata
        self.sequence = sequence
        self.tags = tags
        self.domainEvent = domainEvent
    }

    /// Data and metadata together, in bytes.
    public var size: Int { data.bytes.count + metadata.bytes.count }
}

/// Two new events are equal when the same would be stored.
extension NewEvent: Hashable {
    /// Compares everything, byte for byte.
    public static func == (left: Self, right: Self) -> Bool {
        left.id == right.id && left.type == right.type && left.data == right.data && left.metadata == right.metadata
            && left.sequence == right.sequence && left.tags == right.tags
    }

    /// Hashes the id, which differs for different events.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
