/// Brings a database to the state of a schema's files, in one transaction.
///
/// The files are numbered ones (``PostgresMigration``), each applied once, in order; repeatable ones
/// (``PostgresRepeatableMigration``), each applied whenever it has changed; and, if numbered files were replaced by fewer
/// ones, how a database of before is taken over (``PostgresSquash``):
///
/// ```
/// Migrations/shop/0001_orders.sql
/// Migrations/shop/0002_customers.sql
/// Migrations/shop/functions/add_order.sql
/// Migrations/shop/squashed/checksums
/// Migrations/shop/squashed/0001_upgrade.sql
/// ```
///
/// What was applied is recorded in tables, in the same transaction. Runs of several processes wait for each other.
/// A file may hold any SQL that can run in a transaction, and no `BEGIN` or `COMMIT`.
public struct PostgresMigrator: Sendable {
    private let files: MigrationFiles
    private let history: MigrationHistory

    /// The numbered migrations.
    public var migrations: [PostgresMigration] { files.numbered }
    /// The repeatable migrations.
    public var repeatable: [PostgresRepeatableMigration] { files.repeatable }

    /// - Parameter table: records the numbered migrations; the one that is named like it with `_repeatable` behind
    ///   records the others.
    public init(
        _ migrations: [PostgresMigration], repeatable: [PostgresRepeatableMigration] = [],
        squash: PostgresSquash? = nil, table: String = "schema_migrations"
    ) {
        files = MigrationFiles(numbered: migrations, repeatable: repeatable, squash: squash)
        history = MigrationHistory(table: table)
    }

    /// Reads the files of a directory. Those that do not end in `.sql` are left alone.
    public init(directory: String, table: String = "schema_migrations") throws(PostgresMigrationError) {
        files = try MigrationFiles(directory: directory)
        history = MigrationHistory(table: table)
    }
}

extension PostgresMigrator {
    /// Applies what the database lacks, all of it or nothing.
    ///
    /// - Returns: The names of the files that were applied just now, in order.
    /// - Throws: ``PostgresMigrationError``; ``PostgresError`` if the database cannot be reached.
    @discardableResult
    public func migrate(_ client: PostgresClient) async throws -> [String] {
        // Fails before it waits for other processes, if the files alone are wrong.
        _ = try MigrationPlan(files, applied: [])
        return try await client.withConnection { connection in
            try await connection.script("SET statement_timeout = 0; SET client_min_messages = warning")
            try await history.lock(on: connection)
            try await connection.script(history.createTables)
            let plan = try MigrationPlan(
                files, applied: try await history.applied(on: connection),
                repeatable: try await history.repeatable(on: connection))
            if !plan.fileNames.isEmpty { try await apply(plan, on: connection) }
            return plan.fileNames
        }
    }

    /// The names of the files that ``migrate(_:)`` would apply. Changes nothing.
    public func pending(_ client: PostgresClient) async throws -> [String] {
        try await MigrationPlan(
            files, applied: history.applied(client), repeatable: history.repeatable(client)
        ).fileNames
    }

    /// Makes sure that the database is in the state of the files.
    ///
    /// - Throws: ``PostgresMigrationError``, also if anything is pending.
    public func verify(_ client: PostgresClient) async throws {
        let pending = try await pending(client)
        if !pending.isEmpty { throw PostgresMigrationError.pending(files: pending) }
    }

    private func apply(_ plan: MigrationPlan, on connection: borrowing PostgresConnection) async throws {
        try await connection.transaction { transaction in
            if let squash = plan.squash {
                _ = try await run(squash.upgrade.sql, of: squash.fileName, in: transaction)
                try await history.replace(by: plan.covered, in: transaction)
            }
            for migration in plan.pending {
                let duration = try await run(migration.sql, of: migration.fileName, in: transaction)
                try await history.record(migration, duration, in: transaction)
            }
            for migration in plan.repeatable {
                let duration = try await run(migration.sql, of: migration.fileName, in: transaction)
                try await history.record(migration, duration, in: transaction)
            }
        }
    }

    private func run(
        _ sql: String, of file: String, in transaction: borrowing PostgresTransaction
    ) async throws -> Duration {
        let start = ContinuousClock.now
        do {
            try await transaction.script(sql)
            return .now - start
        } catch let error as PostgresError where error.server != nil || error.code == .rolledBack {
            throw PostgresMigrationError.failed(file: file, line: Self.line(of: error, in: sql), error)
        }
    }

    /// The line where the server found the error, if it says.
    private static func line(of error: PostgresError, in sql: String) -> Int? {
        error.server?.position.map { position in 1 + sql.unicodeScalars.prefix(position - 1).count { $0 == "\n" } }
    }
}
