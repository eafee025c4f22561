/// What the tasks and the poller share: requests on their way to the poller, and the pool of leases.
struct ClientState: Sendable {
    typealias Waiter = CheckedContinuation<ConnectionID, any Error>

    enum Phase: Sendable {
        case open
        /// Nothing new is accepted; what was accepted is finished.
        case closing
        case closed
    }

    /// For what a task has to wake the poller. Empty while it is awake, and coming round anyway.
    struct WakeReasons: OptionSet, Sendable {
        let rawValue: UInt8
        static let reads = WakeReasons(rawValue: 1)
        static let writes = WakeReasons(rawValue: 2)
        static let commands = WakeReasons(rawValue: 4)
    }

    var phase = Phase.open
    var reads: RequestQueue<Request>
    var writes: RequestQueue<Request>
    var leases: LeasePool<Waiter>
    var commands: [PollerCommand] = []
    var wakeReasons: WakeReasons = []
    /// While the poller sleeps: until when, for the sake of time-outs.
    var sleepsUntil = CoarseInstant.past
    var closers: [CheckedContinuation<Void, Never>] = []

    init(_ pool: PostgresPoolConfiguration) {
        reads = RequestQueue(limit: pool.waitingRequests)
        writes = RequestQueue(limit: pool.waitingRequests)
        leases = LeasePool(waiterLimit: pool.waitingRequests)
    }

    /// Whether the poller has to be woken now, for the reason or because it would sleep beyond the deadline. It is
    /// woken once, for all that comes until it has looked.
    mutating func takeWake(for reason: WakeReasons, before deadline: CoarseInstant = .never) -> Bool {
        guard wakeReasons.contains(reason) || deadline < sleepsUntil else { return false }
        wakeReasons = []
        sleepsUntil = .past
        return true
    }
}

/// What a task asks of the poller besides reads and writes.
enum PollerCommand: Sendable {
    /// Sends the requests on a leased connection as one group.
    case send(ConnectionID, [Request])
    /// Sends a simple query on a leased connection.
    case simple(ConnectionID, SimpleQuery)
    /// Sends bytes into a `COPY … FROM STDIN`.
    case copyData(ConnectionID, [UInt8], Request)
    /// Ends a `COPY … FROM STDIN`, as failed if a failure is named.
    case copyEnd(ConnectionID, failure: String?, Request)
    /// The reader of a `COPY … TO STDOUT` has room again.
    case resumeCopy(ConnectionID)
    case cancel(RequestID)
    /// Has the server cancel a statement, whose answer is still waited for.
    case interrupt(RequestID)
    /// Ends what is open on a leased connection and takes it back; `reset` also drops its session's settings.
    case reclaim(ConnectionID, reset: Bool, CheckedContinuation<Void, Never>)
    /// Closes a leased connection that was given back and is not to be lent again.
    case close(ConnectionID)
    case subscribe(Subscription)
    case unsubscribe(RequestID)
}
