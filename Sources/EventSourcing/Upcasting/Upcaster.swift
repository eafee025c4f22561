/// A step from one stored shape of an event to the next: a pure function from the data of one event type to the data
/// of another.
///
/// Events are never rewritten. When an event's shape changes, its new name takes the place of the old one in
/// ``DomainEvent/Name``, and an upcaster leads from the old name to the new one; see ``Upcasters``.
public struct Upcaster: Sendable {
    /// Which shapes a step leads between.
    public struct Step: Hashable, Sendable, CustomStringConvertible {
        /// The type that events are stored under.
        public let from: EventType
        /// The type that this step makes of it.
        public let to: EventType

        /// Names both types.
        public var description: String { "from \(from) to \(to)" }
    }

    /// Which types it leads between.
    public let step: Step
    let transform: @Sendable (EventPayload) throws -> EventPayload

    /// - Parameters:
    ///   - from: the type that the data was stored under.
    ///   - to: the type whose data `transform` returns.
    ///   - transform: the same answer for the same data, always; what it throws ends up in ``UndecodableEvent``.
    public init(
        from: EventType, to: EventType, _ transform: @escaping @Sendable (EventPayload) throws -> EventPayload
    ) {
        step = Step(from: from, to: to)
        self.transform = transform
    }

    /// A step by way of the two payloads: decode the old one, make the new one of it, encode that.
    public init<Old: Decodable & SendableMetatype, New: Encodable & SendableMetatype>(
        from: EventType, to: EventType, upgrading upgrade: @escaping @Sendable (Old) throws -> New
    ) {
        self.init(from: from, to: to) { try EventPayload(encoding: upgrade($0.decode(Old.self))) }
    }

    /// A step by way of the data's JSON members: rename, add and remove some; the others keep their bytes.
    public init(
        from: EventType, to: EventType, editing edit: @escaping @Sendable (inout JSONMembers) throws -> Void
    ) {
        self.init(from: from, to: to) { payload in
            var members = try JSONMembers(payload)
            try edit(&members)
            return members.payload
        }
    }
}
