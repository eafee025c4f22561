public import FoundationEssentials

/// What a stream's events fold to.
public struct Loaded<State: EventSourced>: Sendable {
    /// The fold of the events that were read.
    public internal(set) var state: State
    /// The last revision; nil for a stream without events.
    public private(set) var revision: Revision?
    /// The position of the last event; ``Position/start`` for a stream without events.
    public private(set) var position: Position
    /// The position of the first event; nil for a stream without events, and where the state began with a snapshot.
    public private(set) var firstPosition: Position?
    /// The id of the last event.
    private(set) var lastEventID: UUID?
    /// The data of the events that were folded, in bytes.
    private(set) var size = 0
    /// The revision of the last snapshot that was taken.
    var snapshotRevision: Revision?
    /// When reading the stream, or its snapshot, began: nothing in the state was read before. What was appended since does
    /// not change it.
    let readAt = ContinuousClock.now

    /// The empty stream.
    init() {
        state = State()
        position = .start
    }

    /// What a snapshot says.
    init(_ state: State, of snapshot: Snapshot) {
        self.state = state
        revision = snapshot.revision
        position = snapshot.position
        lastEventID = snapshot.eventID
        snapshotRevision = snapshot.revision
    }

    /// Takes the stream's next event in. Of a redacted one only the revision counts.
    ///
    /// - Returns: the event; nil for a redacted one.
    @discardableResult
    mutating func take(_ record: RecordedEvent) throws -> Recorded<State.Event>? {
        let recorded = try Recorded<State.Event>(decoding: record)
        if let recorded { state.evolve(recorded.event) }
        if revision == nil { firstPosition = record.position }
        revision = record.revision
        position = record.position
        lastEventID = record.id
        size += record.data.bytes.count
        return recorded
    }

    /// Takes in what was just appended to the stream.
    mutating func take(_ records: [RecordedEvent]) throws -> [Recorded<State.Event>] {
        try records.compactMap { try take($0) }
    }

    /// Whether the record is the event that the state was last changed by.
    func ends(with record: RecordedEvent) -> Bool {
        record.revision == revision && record.position == position && record.id == lastEventID
    }
}

/// A moment in the history of a stream.
public enum Moment: Hashable, Sendable {
    /// After the event of this revision.
    case revision(Revision)
    /// After the last event that had happened by this time, see ``RecordedEvent/happenedAt``. The events before it in the
    /// stream had happened, too, whatever their times say.
    case time(Date)
}
