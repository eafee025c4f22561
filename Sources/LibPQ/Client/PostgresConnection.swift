/// A leased connection; its scope is the closure that it is lent to.
public struct PostgresConnection: ~Copyable, Sendable {
    let session: LeasedSession

    init(_ session: LeasedSession) { self.session = session }

    /// Runs one autocommitted statement that reads. Nothing keeps it from writing.
    public func query(_ call: PostgresCall, timeout: Duration? = nil) async throws -> PostgresRows {
        try await session.send(call, policy: .write, timeout: timeout)
    }

    /// Runs one autocommitted statement that reads, with arguments by position; see ``query(_:timeout:)``.
    @inlinable public func query<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter, timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await query(PostgresCall(statement, repeat each parameter), timeout: timeout)
    }

    /// Runs one autocommitted statement; see ``PostgresClient/execute(_:timeout:)`` for what its errors mean.
    @discardableResult
    public func execute(_ call: PostgresCall, timeout: Duration? = nil) async throws -> PostgresRows {
        try await session.send(call, policy: .write, timeout: timeout)
    }

    /// Runs one autocommitted statement, with arguments by position; see ``execute(_:timeout:)``.
    @discardableResult
    @inlinable public func execute<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter, timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await execute(PostgresCall(statement, repeat each parameter), timeout: timeout)
    }

    /// Runs several statements, separated by semicolons and without parameters; all of them are one transaction unless
    /// they say otherwise (PostgreSQL manual, "Multiple Statements in a Simple Query").
    public func script(_ sql: String, timeout: Duration? = nil) async throws {
        try await session.script(sql, policy: .write, timeout: timeout)
    }

    /// Runs `body` in a transaction on this connection, like ``PostgresClient/transaction(isolation:isReadOnly:_:)``.
    public func transaction<Answer>(
        isolation: PostgresIsolation? = nil, isReadOnly: Bool = false,
        _ body: (borrowing PostgresTransaction) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await session.transaction(TransactionMode(isolation, isReadOnly: isReadOnly), body)
        } catch {
            // A cancelled task can do nothing more here, and what it left running need not be waited for:
            // the end of the lease cleans up.
            if !Task.isCancelled {
                _ = try? await session.send(Self.rollback(), policy: .transactional, isCancellable: false)
            }
            throw error
        }
    }

    private static let rollback: PostgresStatement = "ROLLBACK"
}
