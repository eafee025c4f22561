/// `COPY` on a leased connection, out of pipeline mode.
extension LeasedSession {
    /// Begins to read a `COPY … TO STDOUT`.
    func copyOut(_ sql: String, after begin: PostgresStatement?) async throws -> CopyOutChannel {
        if let begin { _ = try await send(begin(), policy: .begin) }
        let channel = CopyOutChannel()
        _ = try await mailbox.perform(on: connection) { id, continuation in
            let start = Request(
                id: id, PostgresStatement(verbatim: sql)(), policy: .transactional, deadline: deadline(nil),
                addressee: .task(continuation))
            let end = Request(
                id: mailbox.nextID(), PostgresStatement(verbatim: sql)(), policy: .transactional, deadline: .never,
                addressee: .reader(channel))
            return .simple(connection, SimpleQuery(request: start, copy: .out(channel, end: end)))
        }
        return channel
    }

    /// Runs a `COPY … FROM STDIN`: the number of rows that came in. When `body` throws, none does.
    func copyIn(
        _ sql: String, policy: RequestPolicy, after begin: PostgresStatement?,
        _ body: (PostgresCopyWriter) async throws -> Void
    ) async throws -> Int {
        if let begin { _ = try await send(begin(), policy: .begin) }
        _ = try await mailbox.perform(on: connection) { id, continuation in
            let start = Request(
                id: id, PostgresStatement(verbatim: sql)(), policy: .transactional, deadline: deadline(nil),
                addressee: .task(continuation))
            return .simple(connection, SimpleQuery(request: start, copy: .into))
        }
        do {
            try await body(PostgresCopyWriter(session: self))
        } catch {
            // A cancelled task can do nothing more here: the end of the lease closes the connection.
            if !Task.isCancelled { _ = try? await endCopy(failure: "the client gave up", policy: .transactional) }
            throw error
        }
        return try await endCopy(failure: nil, policy: policy).affectedRows
    }

    func copyData(_ bytes: [UInt8]) async throws {
        _ = try await mailbox.perform(on: connection) { id, continuation in
            let request = Request(
                id: id, Self.data(), policy: .transactional, deadline: deadline(nil), addressee: .task(continuation))
            return .copyData(connection, bytes, request)
        }
    }

    private func endCopy(failure: String?, policy: RequestPolicy) async throws -> PostgresRows {
        try await mailbox.perform(on: connection) { id, continuation in
            let request = Request(
                id: id, Self.data(), policy: policy, deadline: deadline(nil), addressee: .task(continuation))
            return .copyEnd(connection, failure: failure, request)
        }
    }

    private static let data: PostgresStatement = "COPY"
}
