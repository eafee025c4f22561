import EmbeddedPostgres
import FoundationEssentials
import Glibc
import LibPQ

/// One private PostgreSQL server with its own defaults, and the programs that work on it.
struct Bench: Sendable {
    var effort: Effort
    let server: EmbeddedPostgres
    /// For scripts and files of a run; removed with the server's data.
    let directory: String
    private let psql: Program
    private let pgbench: Program

    /// Runs `body` with a server in a directory that is made for it and removed afterwards.
    static func withServer(
        in directory: String, effort: Effort, _ body: (Bench) async throws -> Void
    ) async throws {
        let installation = try PostgresInstallation.find()
        guard let psql = installation.program("psql"), let pgbench = installation.program("pgbench") else {
            throw ProgramMissing(directory: installation.postgres)
        }
        let files = FileManager.default
        try? files.removeItem(atPath: directory)
        try files.createDirectory(atPath: directory + "/files", withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: directory) }
        let server = try await EmbeddedPostgres.start(in: directory + "/server", installation: installation)
        let bench = Bench(
            effort: effort, server: server, directory: directory + "/files", psql: Program(path: psql),
            pgbench: Program(path: pgbench))
        do {
            try await body(bench)
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// Runs `body` with an empty event store, or another schema, in a database of its own, which is dropped afterwards.
    ///
    /// - Parameter migrations: those that make the schema; nil for none.
    func withDatabase<Answer>(
        _ name: String, migrations: String? = "event_store", _ body: (Database) async throws -> Answer
    ) async throws -> Answer {
        try await administer("create database \(name)")
        let database = Database(server: server, name: name)
        if let migrations {
            try await database.withClient {
                _ = try await PostgresMigrator(directory: "Migrations/\(migrations)").migrate($0)
            }
        }
        let answer = try await body(database)
        try await administer("drop database \(name) with (force)")
        return answer
    }

    /// Fills the event store of the database with as many events in each stream.
    func fill(_ database: Database, events: Int, perStream: Int) async throws {
        for statement in SampleEvent.fill(events: events, perStream: perStream) {
            try await run(statement, in: database)
        }
    }

    private func administer(_ sql: String) async throws {
        try await run(sql, in: Database(server: server, name: "postgres"))
    }
}

// MARK: - Programs

extension Bench {
    /// Lets psql run statements, one transaction each.
    func run(_ statements: String..., in database: Database) async throws {
        try await psql.run(psqlArguments(statements, database))
    }

    /// Lets psql run a statement and throws away what it answers.
    func runDiscardingOutput(_ statement: String, in database: Database) async throws {
        try await psql.runDiscardingOutput(psqlArguments([statement], database))
    }

    func pgbench(in database: Database) -> Pgbench {
        Pgbench(program: pgbench, database: database, directory: directory)
    }

    private func psqlArguments(_ statements: [String], _ database: Database) -> [String] {
        database.connectionArguments + [
            "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database.name,
        ]
            + statements.flatMap { ["--command", $0] }
    }
}

/// The PostgreSQL installation lacks psql or pgbench.
struct ProgramMissing: Error, CustomStringConvertible {
    let directory: String

    var description: String {
        "there is no psql or no pgbench beside \(directory); install PostgreSQL's client and contributed programs"
    }
}
