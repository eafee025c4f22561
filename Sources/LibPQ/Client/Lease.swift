/// A connection on loan. Whoever has it ends with `giveBack` or `reclaim`, which consume it.
struct Lease: ~Copyable {
    let session: LeasedSession

    init(_ mailbox: Mailbox, timeout: Duration, requestTimeout: Int64?) async throws {
        session = LeasedSession(
            connection: try await mailbox.lease(timeout: timeout), mailbox: mailbox, requestTimeout: requestTimeout)
    }

    /// Returns a connection that is known to be clean.
    consuming func giveBack() { session.mailbox.giveBack(session.connection) }

    /// Returns a connection that has to be cleaned, or closed, first; `reset` also drops its session's settings.
    consuming func reclaim(reset: Bool) async { await session.mailbox.reclaim(session.connection, reset: reset) }
}

/// Sends statements on a leased connection.
struct LeasedSession: Sendable {
    let connection: ConnectionID
    let mailbox: Mailbox
    /// For statements that name none, in milliseconds.
    let requestTimeout: Int64?

    /// Sends a statement, behind `begin` if there is one to go before it.
    func send(
        _ call: PostgresCall, policy: RequestPolicy, timeout: Duration? = nil, after begin: PostgresStatement? = nil,
        isCancellable: Bool = true
    ) async throws -> PostgresRows {
        let deadline = deadline(timeout)
        return try await mailbox.perform(on: connection, isCancellable: isCancellable) { id, continuation in
            let request = Request(
                id: id, call, policy: policy, deadline: deadline, addressee: .task(continuation))
            guard let begin else { return .send(connection, [request]) }
            let beginning = Request(
                id: mailbox.nextID(), begin(), policy: .begin, deadline: .never, addressee: .nobody)
            return .send(connection, [beginning, request])
        }
    }

    /// Sends several statements as one simple query.
    func script(_ sql: String, policy: RequestPolicy, timeout: Duration? = nil) async throws {
        let deadline = deadline(timeout)
        _ = try await mailbox.perform(on: connection) { id, continuation in
            let request = Request(
                id: id, PostgresStatement(verbatim: sql)(), policy: policy, deadline: deadline,
                addressee: .task(continuation))
            return .simple(connection, SimpleQuery(request: request))
        }
    }

    func deadline(_ timeout: Duration?) -> CoarseInstant {
        .now.advanced(by: timeout?.milliseconds ?? requestTimeout)
    }

    /// Runs `body` between `BEGIN` and `COMMIT`. When it throws, the transaction is left for the caller to end.
    func transaction<Answer>(
        _ mode: TransactionMode, _ body: (borrowing PostgresTransaction) async throws -> Answer
    ) async throws -> Answer {
        let transaction = PostgresTransaction(self, mode)
        let answer = try await body(transaction)
        try await transaction.commit()
        return answer
    }
}
