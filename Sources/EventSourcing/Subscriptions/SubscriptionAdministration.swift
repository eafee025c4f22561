public import FoundationEssentials

/// What an administrator sees and does: the port beside ``SubscriptionStore``.
public protocol SubscriptionAdministration: Sendable {
    /// All groups, in the order of their names.
    func subscriptions() async throws -> [SubscriptionInfo]

    /// - Throws: ``SubscriptionNotFound``, as every call below.
    func info(_ id: SubscriptionID) async throws -> SubscriptionInfo

    /// Parked messages and those that wait behind them, in the order of their positions.
    func parked(in id: SubscriptionID, after position: Position, limit: Int) async throws -> [ParkedMessage]

    /// Gives parked messages back to the consumers, with all attempts before them.
    ///
    /// - Returns: how many come back, with those that waited behind them.
    func replay(_ selection: ParkedSelection, in id: SubscriptionID) async throws -> Int

    /// Settles parked messages without handling them; those that waited behind them come back.
    ///
    /// - Returns: how many were skipped.
    func skip(_ selection: ParkedSelection, in id: SubscriptionID) async throws -> Int

    /// Hands out nothing more, until the group is resumed. Of a group that stands already, nothing changes.
    func stop(_ id: SubscriptionID, reason: String) async throws

    func resume(_ id: SubscriptionID) async throws

    /// Moves the group to another place in the log, back or forth, such as to rebuild what its consumers have made of it.
    ///
    /// What it had drawn behind that place is forgotten, and comes again: what a consumer has in hand of it is handed out
    /// again, and its settlement comes too late. What is unsettled or parked before the place stays so. What was not drawn
    /// before the place never comes.
    ///
    /// - Parameter start: a position that the log has not reached is its end.
    /// - Returns: the position behind which the group goes on.
    func reset(_ id: SubscriptionID, to start: SubscriptionStart) async throws -> Position

    /// Forgets the group, its place in the log and its parked messages.
    func remove(_ id: SubscriptionID) async throws
}

/// Which parked messages are meant. Those that only wait behind one are not named, they follow it.
public enum ParkedSelection: Hashable, Sendable {
    case all
    case stream(StreamName)
    case message(Position)
}

/// A message that was put aside.
public struct ParkedMessage: Hashable, Sendable {
    /// The event.
    public let event: RecordedEvent
    /// Why it is not being handled.
    public let state: State

    /// Why a message is not being handled.
    public enum State: Hashable, Sendable {
        /// It failed so many times, the last time for this reason.
        case parked(attempts: Int, reason: String, at: Date)
        /// An event before it in its stream is parked.
        case waits
        /// It was given back, and comes when there is room in the buffer.
        case returns
    }

    package init(event: RecordedEvent, state: State) {
        self.event = event
        self.state = state
    }
}

/// How a group is doing.
public struct SubscriptionInfo: Hashable, Sendable {
    /// Names the group.
    public let id: SubscriptionID
    /// Up to where the log has been drawn from.
    public let readPosition: Position
    /// How many events of the log, of whatever kind, are behind that.
    public let lag: Int64
    /// In the buffer and free to be handed out.
    public let waiting: Int
    /// Messages that consumers have in hand.
    public let inFlight: Int
    /// In the buffer, until the pause before the next attempt is over.
    public let retrying: Int
    /// Messages that wait for an administrator.
    public let parked: Int
    /// Behind parked ones in their streams.
    public let held: Int
    /// When the oldest event in the buffer was recorded; nil when the buffer is empty.
    public let oldestUnsettled: Date?
    /// How many messages were acknowledged or skipped in all.
    public let settled: Int64
    /// Those that have asked within the last half minute, with the number of messages in their hands.
    public let consumers: [String: Int]
    /// Why and since when the group hands out nothing; nil when it does.
    public let stopped: Stop?

    /// Why and since when a group stands.
    public struct Stop: Hashable, Sendable {
        /// What the handler or the administrator said.
        public let reason: String
        /// Since when.
        public let since: Date

        package init(reason: String, since: Date) {
            self.reason = reason
            self.since = since
        }
    }

    package init(
        id: SubscriptionID, readPosition: Position, lag: Int64, waiting: Int, inFlight: Int, retrying: Int, parked: Int,
        held: Int, oldestUnsettled: Date?, settled: Int64, consumers: [String: Int], stopped: Stop?
    ) {
        self.id = id
        self.readPosition = readPosition
        self.lag = lag
        self.waiting = waiting
        self.inFlight = inFlight
        self.retrying = retrying
        self.parked = parked
        self.held = held
        self.oldestUnsettled = oldestUnsettled
        self.settled = settled
        self.consumers = consumers
        self.stopped = stopped
    }
}
