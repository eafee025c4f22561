/// What goes into a store together or not at all: events for one stream or several, and what has to hold of others.
///
/// All streams belong to one tenant, and each stands once.
public struct Append: Hashable, Sendable {
    /// The streams, each of them once, and what is appended to each.
    public let streams: [StreamAppend]
    /// The command that decided the events. The store keeps its outcome with them, and handles it once.
    public let command: CommandKey?
    /// What the store keeps with the command, for whoever sends it again: any bytes, at most 64 KiB unless the limits
    /// of the store say otherwise; see ``AppendOutcome/commandOutcome``.
    ///
    /// With a part that only asserts a stream, and no events, this remembers a refusal.
    public let outcome: [UInt8]?
    /// Which events must not have been appended in between, of whatever stream; nil for no such condition.
    public let condition: AppendCondition?

    /// - Parameter outcome: only together with a command.
    public init(
        _ streams: [StreamAppend], by command: CommandKey? = nil, outcome: [UInt8]? = nil,
        condition: AppendCondition? = nil
    ) {
        self.streams = streams
        self.command = command
        self.outcome = outcome
        self.condition = condition
    }

    /// The same append with other parts.
    func replacing(_ streams: [StreamAppend]) -> Append {
        Append(streams, by: command, outcome: outcome, condition: condition)
    }

    /// Data and metadata of all events and what is kept with the command, in bytes.
    package var size: Int {
        streams.reduce(outcome?.count ?? 0) { $0 + $1.events.reduce(0) { $0 + $1.size } }
    }

    package var eventCount: Int { streams.reduce(0) { $0 + $1.events.count } }
}

/// One stream's part of an append.
public struct StreamAppend: Hashable, Sendable {
    /// The stream.
    public let stream: StreamName
    /// What the stream's revision has to be.
    public let expected: ExpectedRevision
    /// In the order that they are to have in the stream; with none, the stream is asserted and not written.
    public let events: [NewEvent]

    /// Appends the events to the stream if it is as expected.
    public init(_ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision) {
        self.stream = stream
        self.expected = expected
        self.events = events
    }

    /// Writes nothing; the whole append is refused unless the stream is as expected.
    public init(asserting stream: StreamName, is expected: ExpectedRevision) {
        self.init([], to: stream, expecting: expected)
    }
}
