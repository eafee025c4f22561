/// What keeps a client from working with the sessions that it gets.
public enum PostgresSessionError: Error, Hashable, Sendable {
    /// Several sessions share a backend: a pooler between client and server hands out backends by transaction.
    case shared
    /// A setting has another value than the session was started with, or has to have.
    case setting(String, found: String, expected: String)
    /// The database's encoding is not UTF-8.
    case encoding(String)
}

extension PostgresSessionError: CustomStringConvertible {
    /// What the session has, what it should have, and what to do.
    public var description: String {
        switch self {
        case .shared:
            """
            a connection pooler in between (such as PgBouncer with pool_mode=transaction) does not give a session to \
            each connection, and prepared statements, locks, settings and LISTEN need one; connect to PostgreSQL itself
            """
        case .setting(let name, let found, let expected) where PostgresClient.requiredSettings[name] != nil:
            """
            the setting \(name) is "\(found)" and has to be "\(expected)", which a session may not change; reset it with \
            ALTER DATABASE, ALTER ROLE or in postgresql.conf
            """
        case .setting(let name, let found, let expected):
            """
            the setting \(name) is "\(found)" although the session was started with "\(expected)": a connection pooler \
            in between drops what a session starts with; connect to PostgreSQL itself
            """
        case .encoding(let encoding):
            "the database's encoding is \(encoding) and has to be UTF8; create it with ENCODING 'UTF8'"
        }
    }
}

extension PostgresClient {
    /// Makes sure that every connection is a session of its own, and that it is as it has to be: the settings that it was
    /// started with, and those that it may not change.
    ///
    /// It takes a few trips, needs two leased connections, and is meant for the start of a program.
    /// - Throws: ``PostgresSessionError``; ``PostgresError``.
    public func checkSessions() async throws {
        do {
            // First, so that a server that cannot be reached is an error of that kind, and not one of the pool. It is no
            // read: those make their session read-only, and a pooler may pass that on to the next.
            try await execute(Self.backend)
            try await withConnection { first in
                try await withConnection { second in try await checkSessions(first, second) }
            }
        } catch let error as PostgresError where Self.meansSharedSessions(error) {
            throw PostgresSessionError.shared
        }
    }

    /// Makes sure that there is a session that can write. If there was one that cannot any more, it is given up.
    ///
    /// - Throws: ``PostgresError``.
    public func checkWriting(timeout: Duration? = nil) async throws {
        try await execute(Self.refuseReadOnly(), timeout: timeout)
    }

    /// What a session may not set by itself, and what it has to be.
    static let requiredSettings = ["session_replication_role": "origin", "transaction_timeout": "0"]
}

extension PostgresClient {
    private func checkSessions(
        _ first: borrowing PostgresConnection, _ second: borrowing PostgresConnection
    ) async throws {
        try await checkBackends(first, second)
        let expected = configuration.startSettings + Self.requiredSettings.map { (name: $0.key, value: $0.value) }
        let row = try await first.query(Self.inspect, expected.map(\.name), timeout: Self.timeout)[0]
        let (encoding, found) = try row.decode(String.self, [String?].self)
        guard encoding == "UTF8" else { throw PostgresSessionError.encoding(encoding) }
        for (setting, found) in zip(expected, found) {
            guard let found, found != setting.value else { continue }
            throw PostgresSessionError.setting(setting.name, found: found, expected: setting.value)
        }
    }

    /// A pooler that hands out backends by transaction gives the one that the first session has just used to the second
    /// session, or gives the first session another one the next time. The first asks twice in a row, since with two
    /// backends in turn each session would have its own otherwise.
    private func checkBackends(
        _ first: borrowing PostgresConnection, _ second: borrowing PostgresConnection
    ) async throws {
        let backend = try await backend(of: first)
        for _ in 0..<Self.rounds {
            let before = try await self.backend(of: first)
            let other = try await second.transaction { transaction in
                try await transaction.query(Self.backend, timeout: Self.timeout)[0].decode(Int32.self)
            }
            let after = try await self.backend(of: first)
            guard before == backend, after == backend, other != backend else { throw PostgresSessionError.shared }
        }
    }

    private func backend(of connection: borrowing PostgresConnection) async throws -> Int32 {
        try await connection.query(Self.backend, timeout: Self.timeout)[0].decode(Int32.self)
    }

    private static let rounds = 3
    private static let timeout = Duration.seconds(5)
    private static let backend: PostgresStatement = "SELECT pg_backend_pid()"

    /// What a session reports that shares its backend with others: their prepared statements, or that transactions are
    /// not possible at all.
    private static func meansSharedSessions(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case .duplicatePreparedStatement, .invalidStatementName: true
        default: error.message.contains("statement pooling mode")
        }
    }

    /// $1 names of settings. Null for one that this version of the server does not know.
    private static let inspect: PostgresStatement = """
        SELECT current_setting('server_encoding'), array_agg(coalesce(s.setting, current_setting(w.name, true)) ORDER BY n)
        FROM unnest($1::text[]) WITH ORDINALITY AS w (name, n) LEFT JOIN pg_settings s ON s.name = w.name
        """

    private static let refuseReadOnly: PostgresStatement = """
        DO $$ BEGIN
            IF pg_is_in_recovery() OR current_setting('transaction_read_only')::bool THEN
                RAISE 'the session takes no writes' USING ERRCODE = 'read_only_sql_transaction';
            END IF;
        END $$
        """
}
