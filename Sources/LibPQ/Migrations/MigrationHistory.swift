/// The tables in which a database records what was applied to it.
struct MigrationHistory: Sendable {
    let table: String

    private var numbered: String { Self.quoted(table) }
    private var repeatable: String { Self.quoted(table + "_repeatable") }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Waits for other processes that migrate this database, which may take longer than the session waits for a lock.
    func lock(on connection: borrowing PostgresConnection) async throws {
        while true {
            do {
                try await connection.execute(
                    "SELECT pg_advisory_lock(hashtextextended($1, 0))", "LibPQ migrations \(table)")
                return
            } catch SQLState.lockNotAvailable {
                continue
            }
        }
    }

    var createTables: String {
        """
        CREATE TABLE IF NOT EXISTS \(numbered) (
            version     integer     PRIMARY KEY,
            name        text        NOT NULL,
            checksum    text        NOT NULL,
            applied_at  timestamptz NOT NULL DEFAULT now(),
            duration_ms bigint      NOT NULL
        );
        CREATE TABLE IF NOT EXISTS \(repeatable) (
            name        text        PRIMARY KEY,
            checksum    text        NOT NULL,
            applied_at  timestamptz NOT NULL DEFAULT now(),
            duration_ms bigint      NOT NULL
        )
        """
    }
}

// MARK: - Reading

extension MigrationHistory {
    private var selectNumbered: PostgresStatement {
        PostgresStatement("SELECT version, name, checksum FROM \(numbered) ORDER BY version")
    }

    private var selectRepeatable: PostgresStatement {
        PostgresStatement("SELECT name, checksum FROM \(repeatable)")
    }

    func applied(on connection: borrowing PostgresConnection) async throws -> [AppliedPostgresMigration] {
        try Self.applied(try await connection.query(selectNumbered))
    }

    /// The checksums of the repeatable migrations that were applied, by their names.
    func repeatable(on connection: borrowing PostgresConnection) async throws -> [String: String] {
        try Self.checksums(try await connection.query(selectRepeatable))
    }

    /// The same, of a database that may never have been migrated.
    func applied(_ client: PostgresClient) async throws -> [AppliedPostgresMigration] {
        guard try await exists(numbered, client) else { return [] }
        return try Self.applied(try await client.query(selectNumbered))
    }

    func repeatable(_ client: PostgresClient) async throws -> [String: String] {
        guard try await exists(repeatable, client) else { return [:] }
        return try Self.checksums(try await client.query(selectRepeatable))
    }

    private func exists(_ table: String, _ client: PostgresClient) async throws -> Bool {
        try await client.query("SELECT to_regclass($1) IS NOT NULL", table)[0].decode(Bool.self)
    }

    private static func applied(_ rows: PostgresRows) throws -> [AppliedPostgresMigration] {
        try rows.map { row in
            let (version, name, checksum) = try row.decode(Int.self, String.self, String.self)
            return AppliedPostgresMigration(version: version, name: name, checksum: checksum)
        }
    }

    private static func checksums(_ rows: PostgresRows) throws -> [String: String] {
        Dictionary(uniqueKeysWithValues: try rows.map { try $0.decode(String.self, String.self) })
    }
}

// MARK: - Recording

extension MigrationHistory {
    func record(
        _ migration: PostgresMigration, _ duration: Duration, in transaction: borrowing PostgresTransaction
    ) async throws {
        try await transaction.execute(
            PostgresStatement(
                "INSERT INTO \(numbered) (version, name, checksum, duration_ms) VALUES ($1, $2, $3, $4)"),
            migration.version, migration.name, migration.checksum, duration.milliseconds)
    }

    func record(
        _ migration: PostgresRepeatableMigration, _ duration: Duration, in transaction: borrowing PostgresTransaction
    ) async throws {
        try await transaction.execute(
            PostgresStatement(
                """
                INSERT INTO \(repeatable) AS r (name, checksum, duration_ms) VALUES ($1, $2, $3)
                ON CONFLICT (name) DO UPDATE SET
                    checksum = excluded.checksum, applied_at = excluded.applied_at, duration_ms = excluded.duration_ms
                """), migration.name, migration.checksum, duration.milliseconds)
    }

    /// Records that the database is where these migrations would have brought it, whatever was recorded before.
    func replace(
        by migrations: [PostgresMigration], in transaction: borrowing PostgresTransaction
    ) async throws {
        try await transaction.execute(PostgresStatement("DELETE FROM \(numbered)"))
        for migration in migrations { try await record(migration, .zero, in: transaction) }
    }
}
