import LibPQ
import Logging

/// One of the two databases: its connections, and the migrations that make its schema.
struct Database: Sendable {
    /// As a person calls it: "event store".
    let name: String
    let client: PostgresClient
    private let place: String
    private let migrations: String

    /// - Parameters:
    ///   - place: where it is, for a person who looks for the fault.
    ///   - migrations: the folder of its migrations, below the repository's.
    init(name: String, _ configuration: PostgresConfiguration, at place: String, migrations: String) {
        self.name = name
        self.place = place
        self.migrations = migrations
        client = PostgresClient(configuration)
    }

    /// Applies what is missing of the schema.
    ///
    /// - Returns: the names of the migrations that were applied.
    /// - Throws: ``Failure`` when the database cannot be had, or holds something else than this program's migrations.
    func migrate() async throws -> [String] {
        do {
            _ = try await client.query(Self.ping)
            let migrator = try PostgresMigrator(directory: Resources.require(migrations))
            return try await migrator.migrate(client).map(\.fileName)
        } catch let error as PostgresMigrationError {
            throw Failure(.data, "\(name) (\(place)): \(error)")
        } catch let error as PostgresError {
            throw Failure(.unavailable, "\(name) (\(place)): \(error)")
        }
    }

    /// Nil when the database answers; else why it does not.
    func trouble() async -> String? {
        do {
            _ = try await client.query(Self.ping)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static let ping = PostgresStatement("select 1")
}
