import EventSourcing
import LibPQ

/// The schemas that the tables of a projection move through: built in one, used in another, kept in a third.
struct RebuildSchemas: Sendable {
    let projection: String
    /// The names of the tables, the same in all schemas.
    let tables: [String]

    /// Where the new version is built.
    var new: String { PostgresProjectionRebuild.schema(for: projection) }
    /// Where the version before the last rebuild is kept.
    var previous: String { PostgresProjectionRebuild.previousSchema(for: projection) }

    /// The tables as they are used.
    struct Live: Equatable {
        let schema: String
        /// Changes with their columns, constraints and indexes.
        let fingerprint: String
    }

    /// Finds the tables as the projection's statements find them, and makes sure that they can be rebuilt.
    ///
    /// - Throws: ``/EventSourcing/ProjectionRebuildRefused``.
    func live(in transaction: borrowing PostgresTransaction) async throws -> Live {
        // Longer names are cut off by the server, and could then be those of another projection.
        guard previous.utf8.count <= 63 else { throw ProjectionRebuildRefused(projection, .nameTooLong) }
        var schema: String?
        var fingerprint = ""
        for row in try await transaction.query(Self.inspect, tables) {
            let (table, found, obstacle, definition) = try row.decode(
                String.self, String?.self, String?.self, String?.self)
            guard let found, let definition, obstacle == nil else {
                throw ProjectionRebuildRefused(projection, .table(table, obstacle ?? "does not exist"))
            }
            guard schema ?? found == found else {
                throw ProjectionRebuildRefused(projection, .table(table, "is in another schema than the others"))
            }
            schema = found
            fingerprint += definition
        }
        guard let schema else { throw ProjectionRebuildRefused(projection, .noTables) }
        return Live(schema: schema, fingerprint: fingerprint)
    }

    /// Makes empty tables like the live ones; their constraints and indexes have the same names, since names belong to
    /// schemas.
    func create(like live: Live, in transaction: borrowing PostgresTransaction) async throws {
        let definitions = try await transaction.query(Self.define, tables, new).map { try $0.decode(String.self) }
        let comment = "comment on schema \(new.quoted) is '\(live.fingerprint)'"
        try await transaction.script(
            (["create schema \(new.quoted)"] + definitions + [comment]).joined(separator: ";\n"))
    }

    /// Which of the schemas there are, and the fingerprint of what the new version is like.
    func present(
        in transaction: borrowing PostgresTransaction
    ) async throws -> (fingerprint: String?, hasNew: Bool, hasPrevious: Bool) {
        try await transaction.query(Self.find, new, previous)[0].decode(String?.self, Bool.self, Bool.self)
    }

    /// Keeps everybody else from the tables, so that they stay as they are until the end of the transaction.
    func lock(_ live: Live, in transaction: borrowing PostgresTransaction) async throws {
        let names = tables.map { "\(live.schema.quoted).\($0.quoted)" }.joined(separator: ", ")
        try await transaction.script("lock table \(names) in access exclusive mode")
    }

    /// Tells the planner what the new tables hold, before anybody reads them.
    func analyze(in transaction: borrowing PostgresTransaction) async throws {
        let names = tables.map { "\(new.quoted).\($0.quoted)" }.joined(separator: ", ")
        try await transaction.script("analyze \(names)")
    }

    /// Puts the new tables in the place of the live ones, which are kept.
    func exchange(with live: Live, in transaction: borrowing PostgresTransaction) async throws {
        func move(_ from: String, _ to: String) -> [String] {
            tables.map { "alter table \(from.quoted).\($0.quoted) set schema \(to.quoted)" }
        }
        let steps =
            ["create schema \(previous.quoted)"] + move(live.schema, previous) + move(new, live.schema)
            + ["drop schema \(new.quoted)"]
        try await transaction.script(steps.joined(separator: ";\n"))
    }

    /// Drops a schema with the tables in it.
    func drop(_ schema: String, in transaction: borrowing PostgresTransaction) async throws {
        try await transaction.script("drop schema if exists \(schema.quoted) cascade")
    }

    /// Counts and sums up the rows of both versions.
    func contents(
        in live: Live, _ transaction: borrowing PostgresTransaction
    ) async throws -> [ProjectionRebuildOutcome.Table] {
        var compared: [ProjectionRebuildOutcome.Table] = []
        for table in tables {
            let old = try await contents(of: table, in: live.schema, transaction)
            let new = try await contents(of: table, in: new, transaction)
            compared.append(ProjectionRebuildOutcome.Table(table, old: old, new: new))
        }
        return compared
    }

    private func contents(
        of table: String, in schema: String, _ transaction: borrowing PostgresTransaction
    ) async throws -> ProjectionRebuildOutcome.Contents {
        let sum = PostgresStatement(
            """
            select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text
            from \(schema.quoted).\(table.quoted) t
            """)
        let (rows, checksum) = try await transaction.query(sum)[0].decode(Int64.self, String.self)
        return ProjectionRebuildOutcome.Contents(rows: rows, checksum: checksum)
    }
}

extension String {
    /// As a name in SQL, whatever is in it.
    fileprivate var quoted: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
