/// Another writer was there first: the stream is not at the revision that the append expected.
public struct WrongExpectedRevision: Error, Hashable, Sendable, CustomStringConvertible {
    public let stream: StreamName
    public let expected: ExpectedRevision
    /// The stream's last revision; nil when it has no events.
    public let actual: Revision?

    public init(stream: StreamName, expected: ExpectedRevision, actual: Revision?) {
        self.stream = stream
        self.expected = expected
        self.actual = actual
    }

    public var description: String {
        let found = actual.map { "revision \($0)" } ?? "no stream"
        return "stream \(stream): expected \(expected), found \(found)"
    }
}

/// An append that a store refuses whatever the state of the stream: nothing was written.
public struct AppendRejected: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// There was no event to append.
        case noEvents
        /// An event id stands twice in one append.
        case repeatedEventID
        /// Some of the events are in the stream already, and others are not: it is not a repetition of one append.
        case partlyAppended
        /// An event is larger than the store allows: its size and the limit, in bytes of data and metadata together.
        case eventTooLarge(size: Int, limit: Int)
        /// More events than one append may hold.
        case tooManyEvents(count: Int, limit: Int)
    }

    public let stream: StreamName
    public let reason: Reason

    public init(stream: StreamName, reason: Reason) {
        self.stream = stream
        self.reason = reason
    }

    public var description: String {
        switch reason {
        case .noEvents: "append to \(stream): there are no events"
        case .repeatedEventID: "append to \(stream): an event id stands twice among its events"
        case .partlyAppended: "append to \(stream): some of its events are in the stream already, others are not"
        case .eventTooLarge(let size, let limit):
            "append to \(stream): an event has \(size) bytes, more than the \(limit) that the store allows"
        case .tooManyEvents(let count, let limit):
            "append to \(stream): \(count) events are more than the \(limit) that one append may hold"
        }
    }
}

/// So many appends wait already that the store takes no more. Nothing was written; try again after a pause.
public struct StoreOverloaded: Error, Hashable, Sendable, CustomStringConvertible {
    public init() {}

    public var description: String { "too many appends are waiting; try again after a pause" }
}
