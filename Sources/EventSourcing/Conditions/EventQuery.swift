/// Events of one tenant, selected by stream, type and tag: those that meet at least one of the clauses.
///
/// ```swift
/// let taken = EventQuery(types: [registered, released], tags: [emailTag])
/// ```
public struct EventQuery: Hashable, Sendable {
    /// Conditions that an event meets all of.
    public struct Clause: Hashable, Sendable {
        /// The event is in one of these streams; nil for any stream.
        public var streams: Set<StreamName>?
        /// The event has one of these types; nil for any type. A type that was renamed is named with its old names.
        public var types: Set<EventType>?
        /// The event has all of these tags.
        public var tags: Set<EventTag>

        /// All events unless stated.
        public init(streams: Set<StreamName>? = nil, types: Set<EventType>? = nil, tags: Set<EventTag> = []) {
            self.streams = streams
            self.types = types
            self.tags = tags
        }

        func matches(_ type: EventType, in stream: StreamName, tagged tags: Set<EventTag>) -> Bool {
            self.tags.isSubset(of: tags) && types?.contains(type) ?? true && streams?.contains(stream) ?? true
        }
    }

    /// An event is selected by any of them.
    public let clauses: [Clause]

    /// - Parameter clauses: none selects nothing.
    public init(anyOf clauses: [Clause]) { self.clauses = clauses }

    /// One clause.
    public init(streams: Set<StreamName>? = nil, types: Set<EventType>? = nil, tags: Set<EventTag> = []) {
        self.init(anyOf: [Clause(streams: streams, types: types, tags: tags)])
    }

    /// Whether an event with these properties, of the tenant that is asked for, is selected.
    package func matches(_ type: EventType, in stream: StreamName, tagged tags: Set<EventTag>) -> Bool {
        clauses.contains { $0.matches(type, in: stream, tagged: tags) }
    }
}

/// A page of the events that a query selects.
public struct SelectedEvents: Hashable, Sendable {
    /// In the order of their positions.
    public let events: [RecordedEvent]
    /// The query selects no other events up to here: the end of the log, or the last of the events where the page is full.
    public let position: Position

    /// A page as a store has read it.
    public init(events: [RecordedEvent], position: Position) {
        self.events = events
        self.position = position
    }
}
