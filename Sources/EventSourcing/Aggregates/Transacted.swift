/// How a transaction ended: the state after it, and where the stream is.
public struct Transacted<State: EventSourced>: Sendable {
    /// The stream that the command was handled on. Of a repetition it is the one of the first time, also when the
    /// command was now sent to another, which was named for the repetition; one without any event is not remembered.
    public let stream: StreamName
    /// The state after the new events; after a repetition, the present one.
    public let state: State
    /// What was appended now, as it was recorded; empty for a repetition, and when nothing was decided.
    public let events: [Recorded<State.Event>]
    /// The last revision; nil only when the stream is still empty because nothing was decided.
    public let revision: Revision?
    /// The position that a reader must have reached to see the outcome.
    public let position: Position
    /// True when the command had been handled before: this is the outcome of then, and nothing was decided now.
    public let isRepetition: Bool
    /// What the first ``Decision`` on the command has kept.
    public let commandOutcome: [UInt8]?

    init(
        _ loaded: Loaded<State>, of stream: StreamName, events: [Recorded<State.Event>] = [],
        position: Position? = nil, isRepetition: Bool = false, commandOutcome: [UInt8]? = nil
    ) {
        self.stream = stream
        state = loaded.state
        self.events = events
        revision = loaded.revision
        self.position = position ?? loaded.position
        self.isRepetition = isRepetition
        self.commandOutcome = commandOutcome
    }
}
