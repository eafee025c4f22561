import EmbeddedPostgres
import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import Logging
import Pipelines

/// `swift run ProductCatalog` shows the catalog in memory; with `--postgres` on two PostgreSQL servers of its own.
@main struct ProductCatalog {
    static func main() async throws {
        let logger = Logger(label: "catalog", factory: StreamLogHandler.standardError(label:))
        guard CommandLine.arguments.contains("--postgres") else {
            return try await Demonstration(runtime: .inMemory(), logger: logger).run()
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "catalog-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await withDatabase("event_store", in: folder) { events in
            try await withDatabase("read_db", in: folder) { rows in
                let runtime = PostgresRuntime(eventStore: events, readDatabase: rows, process: "catalog")
                try await Demonstration(runtime: runtime, logger: logger).run()
            }
        }
    }

    /// Runs `body` on a server of its own, with the tables of `Migrations/<schema>`.
    private static func withDatabase(
        _ schema: String, in folder: String, _ body: @Sendable (PostgresClient) async throws -> Void
    ) async throws {
        let server = try await EmbeddedPostgres.start(in: "\(folder)/\(schema)")
        let client = PostgresClient(
            PostgresConfiguration(
                hosts: [.init(server.socketDirectory, port: server.port)], username: server.username,
                database: "postgres"))
        let migrations = URL(filePath: #filePath).appending(path: "../../../Migrations/\(schema)").standardized
        try await PostgresMigrator(directory: migrations.path).migrate(client)
        try await body(client)
        await client.close()
        try await server.stop()
    }
}
