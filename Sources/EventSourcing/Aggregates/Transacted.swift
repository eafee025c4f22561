/// How a transaction ended: the state after it, and where the stream is.
public struct Transacted<State: EventSourced>: Sendable {
    public let state: State
    /// The last revision; nil only when the stream is still empty because nothing was decided.
    public let revision: Revision?
    /// Up to where a reader has to have come to see the outcome.
    public let position: Position
    /// True when the command had been handled before: this is the outcome of then, and nothing was decided now.
    public let isRepetition: Bool

    init(_ loaded: Loaded<State>, position: Position? = nil, isRepetition: Bool = false) {
        state = loaded.state
        revision = loaded.revision
        self.position = position ?? loaded.position
        self.isRepetition = isRepetition
    }
}
