/// What went wrong with a statement, a connection or a value. It never holds parameters or the password.
public struct PostgresError: Error, Sendable {
    /// The closed list of what can go wrong: `catch let error as PostgresError where error.code == .timeout`.
    public enum Code: Hashable, Sendable {
        /// The server refused or failed the statement; ``PostgresError/server`` holds its report.
        case server(SQLState)
        /// No connection could be made. Nothing was sent.
        case connection
        /// No connection could be made that is encrypted as it has to be. Nothing but the request for TLS was sent.
        case tls
        /// No connection could be made to a server that takes writes, though others answer. Nothing was sent.
        case readOnly
        /// The connection was lost. Nothing was committed.
        case connectionLost
        /// The connection was lost, the task cancelled, or the time of the request over, after the statement was sent
        /// and before its commit was confirmed: it may or may not have happened.
        case outcomeUnknown
        /// The time of a request was over. It was a read, or unsent, or part of a transaction that is rolled back:
        /// nothing was committed. The time-out of a write that was sent is ``outcomeUnknown``.
        case timeout
        /// No connection of the pool became free in time.
        case poolTimeout
        /// Too many requests are waiting already.
        case overloaded
        /// The client is closed.
        case closed
        /// `COMMIT` was answered by a rollback, since a statement of the transaction had failed.
        case rolledBack
        /// A value in a row is not what the caller asked for.
        case decoding
        /// The arguments of a call are not those that the statement names. Nothing was sent.
        case arguments
        /// The statement does what this client does not do here: `COPY`, or transaction control on a shared connection.
        case unsupported
    }

    /// What went wrong, for programs.
    public let code: Code
    /// What went wrong, for people.
    public let message: String
    /// Kept apart, so that what may be an error stays small.
    private let report: Report?
    /// Which of the statements that travelled together failed, counted from 0; `nil` if it was the commit of them all
    /// (a deferred constraint), or if the error is not about one of several statements.
    public internal(set) var statementIndex: Int?

    /// For errors that the server did not report.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        self.report = nil
    }

    /// What the server has reported.
    public init(_ server: PostgresServerError) {
        self.code = .server(server.sqlState)
        self.message = server.message
        self.report = Report(server)
    }

    private final class Report: Sendable {
        let server: PostgresServerError
        init(_ server: PostgresServerError) { self.server = server }
    }
}

extension PostgresError {
    /// The server's report, if it was the server that failed the statement.
    public var server: PostgresServerError? { report?.server }

    /// The server's SQLSTATE, if it was the server that failed the statement.
    public var sqlState: SQLState? { server?.sqlState }

    /// The constraint that was violated, where the server named one.
    public var constraint: String? { server?.constraint }

    /// The same request may succeed when it is made again, and did not happen the first time.
    public var isTransient: Bool {
        switch code {
        case .server(let state): state.meaning.isTransient
        case .connection, .tls, .readOnly, .connectionLost, .timeout, .poolTimeout, .overloaded: true
        case .outcomeUnknown, .closed, .rolledBack, .decoding, .arguments, .unsupported: false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    /// Code and message, with detail and hint where the server gave them.
    public var description: String {
        switch code {
        case .server(let state): server?.description ?? "\(state): \(message)"
        case .connection, .tls, .readOnly: "cannot connect: \(message)"
        case .connectionLost: "connection lost: \(message)"
        case .outcomeUnknown: "outcome unknown: \(message)"
        case .timeout, .poolTimeout, .overloaded, .closed, .rolledBack, .decoding, .arguments, .unsupported: message
        }
    }
}
