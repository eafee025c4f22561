extension PostgresConnection {
    /// Reads what `COPY … TO STDOUT` sends:
    /// ```swift
    /// for try await row in connection.copyOut("COPY t TO STDOUT (FORMAT binary)").rows { … }
    /// ```
    public func copyOut(_ sql: String) -> PostgresCopyOut { PostgresCopyOut(session: session, sql: sql, begin: nil) }

    /// Runs `COPY … FROM STDIN` with the bytes that `body` writes, in whatever format the statement names.
    ///
    /// - Returns: the number of rows that came in.
    /// - Throws: What `body` throws, and then no row has come in; else see ``PostgresClient/execute(_:_:timeout:)``.
    public func copyIn(_ sql: String, _ body: (PostgresCopyWriter) async throws -> Void) async throws -> Int {
        try await session.copyIn(sql, policy: .write, after: nil, body)
    }

    /// Runs `COPY … FROM STDIN` with the bytes of a sequence; see ``copyIn(_:_:)``.
    public func copyIn<Bytes: AsyncSequence>(_ sql: String, from bytes: Bytes) async throws -> Int
    where Bytes.Element == [UInt8] {
        try await copyIn(sql) { writer in
            for try await chunk in bytes { try await writer.write(chunk) }
        }
    }

    /// Runs `COPY … FROM STDIN (FORMAT binary)` with the rows that `body` writes; see ``copyIn(_:_:)``.
    public func copyRowsIn(
        _ sql: String, _ body: (inout PostgresBinaryCopyWriter) async throws -> Void
    ) async throws -> Int {
        try await session.copyRowsIn(sql, policy: .write, after: nil, body)
    }
}

extension PostgresTransaction {
    /// Reads what `COPY … TO STDOUT` sends, as the transaction sees it; see ``PostgresConnection/copyOut(_:)``.
    public func copyOut(_ sql: String) -> PostgresCopyOut {
        PostgresCopyOut(session: session, sql: sql, begin: takeBegin())
    }

    /// Runs `COPY … FROM STDIN` in the transaction; see ``PostgresConnection/copyIn(_:_:)``.
    public func copyIn(_ sql: String, _ body: (PostgresCopyWriter) async throws -> Void) async throws -> Int {
        try await session.copyIn(sql, policy: .transactional, after: takeBegin(), body)
    }

    /// Runs `COPY … FROM STDIN (FORMAT binary)` in the transaction; see ``PostgresConnection/copyRowsIn(_:_:)``.
    public func copyRowsIn(
        _ sql: String, _ body: (inout PostgresBinaryCopyWriter) async throws -> Void
    ) async throws -> Int {
        try await session.copyRowsIn(sql, policy: .transactional, after: takeBegin(), body)
    }
}

extension LeasedSession {
    fileprivate func copyRowsIn(
        _ sql: String, policy: RequestPolicy, after begin: PostgresStatement?,
        _ body: (inout PostgresBinaryCopyWriter) async throws -> Void
    ) async throws -> Int {
        try await copyIn(sql, policy: policy, after: begin) { writer in
            var rows = PostgresBinaryCopyWriter(writer)
            try await body(&rows)
            try await rows.finish()
        }
    }
}
