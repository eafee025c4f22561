import NIOCore

/// Whether there is a connection, and which requests wait for one. It does no I/O: the caller does what it returns.
struct RedisConnectionState<Connection: Sendable> {
    enum Submission {
        case send(Connection, id: Int)
        /// The request waits; the caller connects.
        case connect
        /// The request waits for a connection that is being made.
        case wait
        case refuse(RedisError)
    }

    /// What to do after an attempt to connect failed.
    enum Failure {
        /// Nobody waits: the next request connects.
        case rest(failed: [RedisRequest])
        /// Try again after a pause.
        case retry(after: Duration)
    }

    private enum Phase {
        case idle
        case connecting
        case pausing
        case connected(Connection, id: Int)
        case closed
    }

    private var phase = Phase.idle
    private var waiting: [RedisRequest] = []
    /// Attempts that failed since the last connection.
    private var failures = 0
    private var lastFailure: RedisError?
    private var connections = 0

    init() {}

    /// Why the last attempt to connect failed; nil when there is a connection, or was none to make.
    var failure: RedisError? { lastFailure }

    mutating func submit(_ request: RedisRequest) -> Submission {
        switch phase {
        case .connected(let connection, let id): return .send(connection, id: id)
        case .closed: return .refuse(RedisError(.closed, "the Redis client is closed"))
        case .connecting, .pausing:
            waiting.append(request)
            return .wait
        case .idle:
            waiting.append(request)
            phase = .connecting
            return .connect
        }
    }

    /// A connection was made.
    ///
    /// - Returns: its id and what to send on it; nil when the client was closed meanwhile.
    mutating func connected(_ connection: Connection) -> (id: Int, requests: [RedisRequest])? {
        guard case .connecting = phase else { return nil }
        connections += 1
        failures = 0
        lastFailure = nil
        phase = .connected(connection, id: connections)
        defer { waiting = [] }
        return (connections, waiting.filter(\.isAwaited))
    }

    /// - Parameter pause: the pause after so many failures.
    mutating func failed(_ error: RedisError, pause: (Int) -> Duration) -> Failure {
        guard case .connecting = phase else { return .rest(failed: []) }
        failures += 1
        lastFailure = error
        waiting.removeAll { !$0.isAwaited }
        if error.isTransient, !waiting.isEmpty {
            phase = .pausing
            return .retry(after: pause(failures))
        }
        phase = .idle
        defer { waiting = [] }
        return .rest(failed: waiting)
    }

    /// The pause is over.
    ///
    /// - Returns: whether to connect now.
    mutating func pauseEnded() -> Bool {
        guard case .pausing = phase else { return false }
        waiting.removeAll { !$0.isAwaited }
        phase = waiting.isEmpty ? .idle : .connecting
        return !waiting.isEmpty
    }

    mutating func lost(_ id: Int) {
        if case .connected(_, id) = phase { phase = .idle }
    }

    /// - Returns: the connection to close and the requests to fail.
    mutating func close() -> (Connection?, [RedisRequest]) {
        defer {
            phase = .closed
            waiting = []
        }
        if case .connected(let connection, _) = phase { return (connection, waiting) }
        return (nil, waiting)
    }
}
