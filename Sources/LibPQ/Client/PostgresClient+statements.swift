/// Statements on the connections that all tasks share.
extension PostgresClient {
    /// Runs a read: one idempotent statement that changes nothing, which the server enforces.
    ///
    /// Reads of many tasks travel together, and are sent again when their connection is lost.
    /// - Parameter timeout: From this call to its answer, instead of ``PostgresConfiguration/readTimeout``.
    /// - Throws: ``PostgresError``; `CancellationError` at once if the task is cancelled.
    public func query(_ call: PostgresCall, timeout: Duration? = nil) async throws -> PostgresRows {
        try await mailbox.perform(.read, call, until: deadline(timeout, readTimeout))
    }

    /// Runs a read, with arguments by position; see ``query(_:timeout:)``.
    @inlinable public func query<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter, timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await query(PostgresCall(statement, repeat each parameter), timeout: timeout)
    }

    /// Runs a write: one autocommitted statement. When this returns it is committed.
    ///
    /// - Parameter timeout: From this call to its answer, instead of ``PostgresConfiguration/requestTimeout``.
    /// - Throws: ``PostgresError``, of which ``PostgresError/Code/outcomeUnknown`` means that the statement was sent
    ///   and its commit not confirmed, be it that the connection was lost, the task cancelled or the time over. After
    ///   any other error, `CancellationError` among them, it has not happened.
    @discardableResult
    public func execute(_ call: PostgresCall, timeout: Duration? = nil) async throws -> PostgresRows {
        try await mailbox.perform(.write, call, until: deadline(timeout, writeTimeout))
    }

    /// Runs a write, with arguments by position; see ``execute(_:timeout:)``.
    @discardableResult
    @inlinable public func execute<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter, timeout: Duration? = nil
    ) async throws -> PostgresRows {
        try await execute(PostgresCall(statement, repeat each parameter), timeout: timeout)
    }

    /// Runs several statements in one trip, as one transaction: when this returns all are committed, and when it throws
    /// none is, or it is unknown.
    ///
    /// For a transaction that does not look at answers in between. The statements travel together on one connection,
    /// with one Sync behind them, so that there is neither a `BEGIN` nor a `COMMIT` to wait for; constraints that are
    /// deferred are checked at the end. Each sees what those before it did.
    ///
    /// Statements and answers are held in memory as a whole, and other writes wait behind them: dozens, not thousands.
    /// What cannot run in a transaction (`VACUUM`, `CREATE DATABASE`) and procedures that commit are not for this.
    /// - Parameter timeout: From this call to its answer, instead of ``PostgresConfiguration/requestTimeout``.
    /// - Returns: The answers, in the order of the statements.
    /// - Throws: ``PostgresError``, with the one that failed as ``PostgresError/statementIndex``. As with
    ///   ``execute(_:timeout:)``, ``PostgresError/Code/outcomeUnknown`` means that they may all have happened; after
    ///   any other error none has. ``PostgresError/Code/unsupported`` if one begins or ends a
    ///   transaction or is a `COPY`, and then nothing was sent.
    @discardableResult
    public func execute(atomically calls: [PostgresCall], timeout: Duration? = nil) async throws -> [PostgresRows] {
        guard try isAnything(in: calls) else { return [] }
        return try await mailbox.perform(atomically: calls, until: deadline(timeout, writeTimeout))
    }

    private func isAnything(in calls: [PostgresCall]) throws -> Bool {
        if let index = calls.firstIndex(where: \.statement.mustTravelAlone) {
            var error = PostgresError(.unsupported, "transaction control and COPY cannot travel with other statements")
            error.statementIndex = index
            throw error
        }
        return !calls.isEmpty
    }

    private func deadline(_ timeout: Duration?, _ configured: Int64?) -> CoarseInstant {
        .now.advanced(by: timeout?.milliseconds ?? configured)
    }
}

// MARK: - Whether or not the task is cancelled

extension PostgresClient {
    /// Runs a read as ``query(_:timeout:)`` does, and waits for its answer even if the task is cancelled.
    package func queryUninterrupted(_ call: PostgresCall, timeout: Duration? = nil) async throws -> PostgresRows {
        try await mailbox.perform(.read, call, until: deadline(timeout, readTimeout), isCancellable: false)
    }

    /// Runs a write as ``execute(_:timeout:)`` does, and waits for its answer even if the task is cancelled.
    ///
    /// - Parameter interruption: Ends it from outside: the server is asked to cancel the statement, and what it answers
    ///   is waited for. ``SQLState/queryCanceled`` and `CancellationError` mean that nothing has happened.
    @discardableResult
    package func executeUninterrupted(
        _ call: PostgresCall, timeout: Duration? = nil, unless interruption: PostgresInterruption? = nil
    ) async throws -> PostgresRows {
        try await mailbox.perform(
            .write, call, until: deadline(timeout, writeTimeout), isCancellable: false, unless: interruption)
    }

    /// Runs several statements as ``execute(atomically:timeout:)`` does, and waits for their answers even if the task is
    /// cancelled.
    @discardableResult
    package func executeUninterrupted(atomically calls: [PostgresCall]) async throws -> [PostgresRows] {
        guard try isAnything(in: calls) else { return [] }
        return try await mailbox.perform(atomically: calls, until: deadline(nil, writeTimeout), isCancellable: false)
    }

    /// Runs a read, with arguments by position; see ``queryUninterrupted(_:timeout:)``.
    package func queryUninterrupted<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter
    ) async throws -> PostgresRows {
        try await queryUninterrupted(PostgresCall(statement, repeat each parameter))
    }

    /// Runs a write, with arguments by position; see ``executeUninterrupted(_:timeout:unless:)``.
    @discardableResult
    package func executeUninterrupted<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter
    ) async throws -> PostgresRows {
        try await executeUninterrupted(PostgresCall(statement, repeat each parameter))
    }
}
