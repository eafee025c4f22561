/// What is to change in one transaction: rows, parked events, and the checkpoint.
public struct ProjectionCommit: Sendable {
    /// The number of the partition, from 0.
    public let partition: Int
    /// The version that the partition has to have.
    public let version: Int64
    /// The version that it has afterwards. No other commit leads to it, not even one that the database has lost since: an
    /// owner that has seen a lost version must not find it again with other rows.
    public let nextVersion: Int64
    /// Where the partition is afterwards.
    public let checkpoint: Checkpoint
    /// The events to apply to the rows, in order.
    public var applied: [RecordedEvent]
    /// What the target has made of just these events ahead, see ``ProjectionTarget/prepare(_:)``.
    public var prepared: (any Sendable)?
    /// The events to put aside, in order. One that is parked already gets the new reason.
    public var parked: [ParkedEvent] = []
    /// The events that were parked, and are no longer.
    public var released: [Position] = []
    /// The streams that were tried again, whatever came of it.
    public var retried: [StreamName] = []

    /// Made by ``ProjectionRunner``; public for tests of targets.
    public init(
        partition: Int, version: Int64, nextVersion: Int64, checkpoint: Checkpoint, applied: [RecordedEvent] = []
    ) {
        self.partition = partition
        self.version = version
        self.nextVersion = nextVersion
        self.checkpoint = checkpoint
        self.applied = applied
    }
}

/// An event that a projection has put aside. Its data stays in the log alone, where it can be redacted and forgotten.
public struct ParkedEvent: Sendable {
    /// The event that is set aside.
    public let event: RecordedEvent
    /// Why it could not be applied; nil when it waits behind another one of its stream.
    public let reason: String?

    /// Sets an event aside; no reason when it only waits behind another one of its stream.
    public init(_ event: RecordedEvent, reason: String?) {
        self.event = event
        self.reason = reason
    }
}

/// An event that the projection can never apply as it is: which one, and why.
public struct PoisonEvent: CategorizedError, CustomStringConvertible {
    /// The event that cannot be applied.
    public let event: RecordedEvent
    /// Why, for people.
    public let reason: String

    /// Throw it from a target, and the runner parks the event with its stream.
    public init(_ event: RecordedEvent, reason: String) {
        self.event = event
        self.reason = reason
    }

    /// Put the message aside, and look at it.
    public var category: ErrorCategory { .poison }

    /// Names event, type and position, and says why.
    public var description: String { "event \(event.id) (\(event.type), position \(event.position)): \(reason)" }
}
