import Synchronization

/// A transaction in progress on a leased connection; its scope is the closure that it is lent to.
public struct PostgresTransaction: ~Copyable, Sendable {
    let session: LeasedSession
    private let mode: TransactionMode
    private let hasBegun = Atomic(false)

    init(_ session: LeasedSession, _ mode: TransactionMode) {
        self.session = session
        self.mode = mode
    }

    /// Runs one statement that reads. Whether it may write is the transaction's affair, not this method's.
    public func query(_ call: PostgresCall, timeout: Duration? = nil) async throws -> PostgresRows {
        try await session.send(call, policy: .transactional, timeout: timeout, after: takeBegin())
    }

    /// Runs one statement that reads, with arguments by position; see ``query(_:timeout:)``.
    @inlinable public func query<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter, timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await query(PostgresCall(statement, repeat each parameter), timeout: timeout)
    }

    /// Runs one statement that writes.
    @discardableResult
    public func execute(_ call: PostgresCall, timeout: Duration? = nil) async throws -> PostgresRows {
        try await query(call, timeout: timeout)
    }

    /// Runs one statement that writes, with arguments by position.
    @discardableResult
    @inlinable public func execute<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter, timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await query(PostgresCall(statement, repeat each parameter), timeout: timeout)
    }

    /// Runs several statements, separated by semicolons and without parameters.
    public func script(_ sql: String, timeout: Duration? = nil) async throws {
        if let begin = takeBegin() { _ = try await session.send(begin(), policy: .begin, timeout: timeout) }
        try await session.script(sql, policy: .transactional, timeout: timeout)
    }

    func takeBegin() -> PostgresStatement? {
        hasBegun.exchange(true, ordering: .relaxed) ? nil : mode.begin
    }

    private static let commit: PostgresStatement = "COMMIT"

    /// Commits, whether or not the task is cancelled meanwhile: the outcome is to be known.
    func commit() async throws {
        try Task.checkCancellation()
        guard hasBegun.load(ordering: .relaxed) else { return }
        let rows = try await session.send(Self.commit(), policy: .commit, isCancellable: false)
        guard rows.commandTag == "COMMIT" else {
            throw PostgresError(.rolledBack, "the server rolled back, since a statement of the transaction had failed")
        }
    }
}
