/// Where an append ended.
public struct AppendOutcome: Hashable, Sendable {
    /// The last revision of each stream that was written or asserted; a stream without events is not in it.
    public let revisions: [StreamName: Revision]
    /// Up to where a reader has to have come to see the outcome.
    public let position: Position
    /// What was recorded, in the order of the positions; empty when nothing was written.
    public let events: [RecordedEvent]
    /// True when the same events had been appended, or the same command handled, before: nothing was written now, and
    /// this is the first outcome.
    public let isRepetition: Bool
    /// What is kept with the append's command, ``Append/outcome``: of a repeated command what was given the first time.
    /// Nil without a command, and when its events were appended before without this command.
    public let commandOutcome: [UInt8]?

    /// For stores.
    public init(
        revisions: [StreamName: Revision], position: Position, events: [RecordedEvent] = [],
        isRepetition: Bool = false, commandOutcome: [UInt8]? = nil
    ) {
        self.revisions = revisions
        self.position = position
        self.events = events
        self.isRepetition = isRepetition
        self.commandOutcome = commandOutcome
    }
}

/// Where an append to one stream ended: the stream's last revision and the position of the last event in the log.
public struct Commit: Hashable, Sendable {
    /// The last revision of the stream after it.
    public let revision: Revision
    /// The position of its last event.
    public let position: Position
    /// True when the very same events had been appended before: nothing was written, and this is the first outcome.
    public let isRepetition: Bool

    /// For stores.
    public init(revision: Revision, position: Position, isRepetition: Bool = false) {
        self.revision = revision
        self.position = position
        self.isRepetition = isRepetition
    }
}
