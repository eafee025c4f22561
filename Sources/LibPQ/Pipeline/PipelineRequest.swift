/// Names a request among all of a client, so that it can be found again when its task is cancelled.
struct RequestID: Hashable, Sendable {
    let rawValue: UInt64
}

/// What may be done with a request when something else than its own statement fails.
enum RequestPolicy: Sendable {
    /// An idempotent statement: answered as soon as its result is there, sent again after the loss of its connection.
    case read
    /// An autocommitted statement: answered when its Sync is back; its outcome is unknown if that never comes.
    case write
    /// The beginning of a transaction.
    case begin
    /// A statement inside a transaction: whatever becomes of its connection, it is not committed.
    case transactional
    /// The end of a transaction: its outcome is unknown if its Sync never comes.
    case commit

    /// The server begins a transaction for the statement.
    var beginsTransaction: Bool { self == .write || self == .begin }

    /// The statement may be sent again if the server refused to run it because what was prepared is stale.
    var survivesStaleStatement: Bool { self == .read || self == .write }

    /// The outcome cannot be told from the loss of the connection.
    var isUnknownAfterLoss: Bool { self == .write || self == .commit }
}

/// What the state machine has to know of a request; it treats the rest as opaque.
protocol PipelineRequest {
    var id: RequestID { get }
    /// Its statement; of an atomic request, the first.
    var key: StatementKey { get }
    var policy: RequestPolicy { get }
    /// When its time is over.
    var deadline: CoarseInstant { get }
    /// How often the request was sent again: after the failure of a neighbour, or after its statement or connection.
    var attempts: RequestAttempts { get set }
}

/// Counts what bounds the resending of a request.
struct RequestAttempts: Hashable, Sendable {
    /// After so many failures of neighbours a read is sent in a batch of its own.
    static let abortsBeforeIsolation = 2
    /// A statement that is refused as stale, or takes its connection down, is given up after so many more attempts.
    static let restartLimit = 2

    private(set) var aborts: UInt8 = 0
    private(set) var restarts: UInt8 = 0

    /// The request has to be sent alone, where no neighbour can fail it.
    var needsIsolation: Bool { aborts >= Self.abortsBeforeIsolation }

    mutating func countAbort() { aborts = min(aborts + 1, .max - 1) }

    /// Counts one more attempt; `false` if there have been enough.
    mutating func countRestart() -> Bool {
        restarts += 1
        return restarts <= Self.restartLimit
    }
}

/// What becomes of a request.
enum Resolution<Request, Rows> {
    case succeeded(Request, Rows)
    /// All statements of an atomic request are committed: their rows, in order.
    case committed(Request, [Rows])
    case failed(Request, PostgresError)
    /// It did not run, or running it again does no harm: send it again, before what waits.
    case resend(Request)
}

extension Resolution: Sendable where Request: Sendable, Rows: Sendable {}
