public import FoundationEssentials

/// Another writer was there first: the stream is not at the revision that the append expected.
public struct WrongExpectedRevision: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stream that is not as expected.
    public let stream: StreamName
    /// What was expected.
    public let expected: ExpectedRevision
    /// The stream's last revision; nil when it has no events.
    public let actual: Revision?

    /// For stores.
    public init(stream: StreamName, expected: ExpectedRevision, actual: Revision?) {
        self.stream = stream
        self.expected = expected
        self.actual = actual
    }

    /// Tells what was expected, and what is there.
    public var description: String {
        let found = actual.map { "revision \($0)" } ?? "no stream"
        return "stream \(stream): expected \(expected), found \(found)"
    }
}

/// An append that a store refuses whatever the state of its streams: nothing was written.
public struct AppendRejected: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with an append.
    public enum Reason: Hashable, Sendable {
        /// There was no event to append, and no command to record.
        case noEvents
        /// An event id stands twice among the events of one stream.
        case repeatedEventID
        /// Some of the events are stored already, and others are not: it is not a repetition of one append.
        case partlyAppended
        /// An event is larger than the store allows: its size and the limit, in bytes of data and metadata together.
        case eventTooLarge(size: Int, limit: Int)
        /// More events than one append may hold.
        case tooManyEvents(count: Int, limit: Int)
        /// A stream stands twice in the append.
        case repeatedStream
        /// The append reaches over the streams of more than one tenant.
        case severalTenants
        /// An event's data is what the store puts in place of redacted data.
        case reservedData
        /// There is an outcome to keep, and no command to keep it with.
        case outcomeWithoutCommand
        /// The outcome to keep is larger than the store allows: its size and the limit, in bytes.
        case outcomeTooLarge(size: Int, limit: Int)
        /// More tags than an event may have.
        case tooManyTags(count: Int, limit: Int)
        /// More clauses than the query of a condition may have.
        case tooManyClauses(count: Int, limit: Int)
    }

    /// The stream at fault; nil for an append without any.
    public let stream: StreamName?
    /// The id of the event at fault, where it is one event.
    public let event: UUID?
    /// What is wrong with it.
    public let reason: Reason

    /// For stores.
    public init(stream: StreamName?, event: UUID? = nil, reason: Reason) {
        self.stream = stream
        self.event = event
        self.reason = reason
    }

    /// Names the stream and the event, and says what to do.
    public var description: String {
        let place = stream.map { "append to \($0)" } ?? "append"
        guard let event else { return "\(place): \(reason)" }
        return "\(place), event \(event): \(reason)"
    }
}

extension AppendRejected.Reason: CustomStringConvertible {
    /// Says what is wrong, and what the limit is.
    public var description: String {
        switch self {
        case .noEvents: "there are no events"
        case .repeatedEventID: "the event's id stands twice"
        case .partlyAppended: "some of the events are stored already, others are not"
        case .eventTooLarge(let size, let limit):
            "it has \(size) bytes, more than the \(limit) that the store allows"
        case .tooManyEvents(let count, let limit):
            "\(count) events are more than the \(limit) that one append may hold"
        case .repeatedStream: "the stream stands twice; put its events into one part"
        case .severalTenants: "it belongs to another tenant than the first stream; one append has one tenant"
        case .reservedData: "its data is what stands in place of redacted data"
        case .outcomeWithoutCommand: "there is an outcome to keep; give the command that it belongs to"
        case .outcomeTooLarge(let size, let limit):
            "the outcome has \(size) bytes, more than the \(limit) that the store keeps with a command"
        case .tooManyTags(let count, let limit):
            "\(count) tags are more than the \(limit) that an event may have"
        case .tooManyClauses(let count, let limit):
            "its condition has \(count) clauses, more than the \(limit) that the store checks"
        }
    }
}

/// The store went away before it answered, and did not come back in time: the append may or may not have been committed.
///
/// Append again with the same event ids, or the same command: that has the effect of once.
public struct AppendOutcomeUnknown: Error, CustomStringConvertible {
    /// The streams of the append.
    public let streams: [StreamName]
    /// What the client of the database said.
    public let underlying: any Error

    /// For stores.
    public init(streams: [StreamName], underlying: any Error) {
        self.streams = streams
        self.underlying = underlying
    }

    /// Names the streams, and says how to find out.
    public var description: String {
        "append to \(streams.map(\.rawValue).joined(separator: ", ")): the store was lost before it answered; "
            + "append again with the same event ids or the same command. \(underlying)"
    }
}

/// So many appends wait already that the store takes no more. Nothing was written; try again after a pause.
public struct StoreOverloaded: Error, Hashable, Sendable, CustomStringConvertible {
    /// For stores.
    public init() {}

    /// Says to try again after a pause.
    public var description: String { "too many appends are waiting; try again after a pause" }
}

/// The append timed out: another session holds a lock that it needs, or the queue is too long. Nothing was written, and
/// nothing will be written later. Try again after a pause.
public struct StoreTimedOut: Error, CustomStringConvertible {
    /// What the database said, if it came to that.
    public let underlying: (any Error)?

    /// For stores.
    public init(_ underlying: (any Error)? = nil) { self.underlying = underlying }

    /// Says that nothing was written, and to try again.
    public var description: String {
        "the store did not get to it in time, and nothing was written; try again after a pause"
            + (underlying.map { ". \($0)" } ?? "")
    }
}
