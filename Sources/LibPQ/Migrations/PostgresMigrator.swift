import FoundationEssentials

/// Brings a database to the state of numbered SQL files, each applied once, in order, in a transaction of its own.
///
/// What was applied is recorded in a table, in the same transaction. Runs of several processes wait for each other.
/// A file may hold any SQL that can run in a transaction, and no `BEGIN` or `COMMIT`.
public struct PostgresMigrator: Sendable {
    public let migrations: [PostgresMigration]
    private let table: String

    public init(_ migrations: [PostgresMigration], table: String = "schema_migrations") {
        self.migrations = migrations
        self.table = table
    }

    /// Reads the files of a directory. Those that do not end in `.sql` are left alone.
    public init(directory: String, table: String = "schema_migrations") throws(PostgresMigrationError) {
        var migrations: [PostgresMigration] = []
        do {
            for file in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
                guard file.hasSuffix(".sql") else { continue }
                guard let (version, name) = PostgresMigration.parse(fileName: file) else {
                    throw PostgresMigrationError.misnamed(file: file)
                }
                let sql = try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)
                migrations.append(PostgresMigration(version: version, name: name, sql: sql))
            }
        } catch let error as PostgresMigrationError {
            throw error
        } catch {
            throw .unreadable(directory: directory, reason: "\(error)")
        }
        self.init(migrations, table: table)
    }
}

extension PostgresMigrator {
    /// Applies what the database lacks.
    /// - Returns: What was applied just now.
    /// - Throws: ``PostgresMigrationError``; ``PostgresError`` if the database cannot be reached.
    @discardableResult
    public func migrate(_ client: PostgresClient) async throws -> [PostgresMigration] {
        // Fails before it waits for other processes, if the files alone are wrong.
        _ = try MigrationPlan(files: migrations, applied: [])
        return try await client.withConnection { connection in
            try await connection.script("SET statement_timeout = 0; SET client_min_messages = warning")
            try await connection.execute(
                "SELECT pg_advisory_lock(hashtextextended($1, 0))", "LibPQ migrations \(table)")
            try await connection.script(createTable)
            let applied = try await connection.query(PostgresStatement(selectApplied)).map(Self.applied)
            let pending = try MigrationPlan(files: migrations, applied: applied).pending
            for migration in pending { try await apply(migration, on: connection) }
            return pending
        }
    }

    /// What ``migrate(_:)`` would apply. Changes nothing.
    public func pending(_ client: PostgresClient) async throws -> [PostgresMigration] {
        let exists = try await client.query("SELECT to_regclass($1) IS NOT NULL", quotedTable)[0].decode(Bool.self)
        let rows = exists ? try await client.query(PostgresStatement(selectApplied)) : nil
        return try MigrationPlan(files: migrations, applied: rows?.map(Self.applied) ?? []).pending
    }

    /// Makes sure that the database is in the state of the files.
    /// - Throws: ``PostgresMigrationError``, also if anything is pending.
    public func verify(_ client: PostgresClient) async throws {
        let pending = try await pending(client)
        if !pending.isEmpty { throw PostgresMigrationError.pending(files: pending.map(\.fileName)) }
    }

    private func apply(_ migration: PostgresMigration, on connection: borrowing PostgresConnection) async throws {
        let started = ContinuousClock.now
        do {
            try await connection.transaction { transaction in
                try await transaction.script(migration.sql)
                let milliseconds = (ContinuousClock.now - started).milliseconds
                try await transaction.execute(
                    PostgresStatement(insertApplied), migration.version, migration.name, migration.checksum,
                    milliseconds)
            }
        } catch let error as PostgresError where error.server != nil || error.code == .rolledBack {
            throw PostgresMigrationError.failed(file: migration.fileName, line: line(of: error, in: migration), error)
        }
    }
}

extension PostgresMigrator {
    /// The line of the file where the server found the error, if it says.
    private func line(of error: PostgresError, in migration: PostgresMigration) -> Int? {
        error.server?.position.map { position in
            1 + migration.sql.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
        }
    }
}

// MARK: - SQL

extension PostgresMigrator {
    private var quotedTable: String {
        "\"" + table.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private var createTable: String {
        """
        CREATE TABLE IF NOT EXISTS \(quotedTable) (
            version     integer     PRIMARY KEY,
            name        text        NOT NULL,
            checksum    text        NOT NULL,
            applied_at  timestamptz NOT NULL DEFAULT now(),
            duration_ms bigint      NOT NULL
        )
        """
    }

    private var selectApplied: String { "SELECT version, name, checksum FROM \(quotedTable) ORDER BY version" }

    private var insertApplied: String {
        "INSERT INTO \(quotedTable) (version, name, checksum, duration_ms) VALUES ($1, $2, $3, $4)"
    }

    private static func applied(_ row: PostgresRow) throws -> AppliedPostgresMigration {
        let (version, name, checksum) = try row.decode(Int.self, String.self, String.self)
        return AppliedPostgresMigration(version: version, name: name, checksum: checksum)
    }
}
