import EventSourcingPostgres
import LibPQ
import Logging

/// One of the two databases: its connections, and the migrations that make its schema.
struct Database: Sendable {
    /// As a person calls it: "event store".
    let name: String
    /// May do what the service has to, and no more.
    let client: PostgresClient
    /// Tells of locks that keep the client from working.
    let lockWatch: PostgresLockWatch
    /// As the owner of the schema, who migrates it.
    private let owner: PostgresConfiguration
    private let place: String
    private let migrations: String

    /// - Parameters:
    ///   - place: where it is, for a person who looks for the fault.
    ///   - migrations: the folder of its migrations, below the repository's.
    ///   - role: whose privileges the service takes, once the migrations have made it; nil for those of the owner.
    ///   - readTimeout: how long a read may take; nil where reads may be long.
    ///   - vitalLocks: those without which the service cannot work.
    init(
        name: String, owner: PostgresConfiguration, role: String? = nil, readTimeout: Duration? = nil,
        vitalLocks: PostgresVitalLocks, at place: String, migrations: String
    ) {
        self.name = name
        self.owner = owner
        self.place = place
        self.migrations = migrations
        var service = owner
        service.role = role
        service.readTimeout = readTimeout
        // Whoever takes over from a process that was stopped in a transaction does not wait for it.
        service.idleInTransactionTimeout = .seconds(3)
        client = PostgresClient(service)
        lockWatch = PostgresLockWatch(client, database: name, vital: vitalLocks, logger: .current)
    }

    /// Applies what is missing of the schema.
    ///
    /// - Returns: the names of the migrations that were applied.
    /// - Throws: ``Failure`` when the database cannot be had, or holds something else than this program's migrations.
    func migrate() async throws -> [String] {
        // What goes wrong is thrown, in one line: nothing else is to be said about it.
        let client = PostgresClient(owner, logger: Logger(label: "migration") { _ in SwiftLogNoOpLogHandler() })
        do {
            _ = try await client.query(Self.ping)
            let migrator = try PostgresMigrator(directory: Resources.require(migrations))
            let applied = try await migrator.migrate(client)
            await client.close()
            return applied
        } catch {
            await client.close()
            throw failure(error)
        }
    }

    /// What `body` answers; an error names the database that it is about.
    func explaining<Answer>(_ body: (PostgresClient) async throws -> Answer) async throws -> Answer {
        do { return try await body(client) } catch { throw failure(error) }
    }

    /// The error, with the database that it is about.
    private func failure(_ error: any Error) -> any Error {
        switch error {
        case let error as PostgresMigrationError: Failure(.data, "\(name) (\(place)): \(error)")
        case let error as PostgresError where Self.lacksSchema(error):
            Failure(
                .data,
                "\(name) (\(place)): its schema is missing or older than this program; run `invoices migrate` (\(error))"
            )
        case let error as PostgresError: Failure(.unavailable, "\(name) (\(place)): \(error)")
        default: error
        }
    }

    /// A table or a role is not there, that the migrations make.
    private static func lacksSchema(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case .undefinedTable, .undefinedColumn, .undefinedFunction, .undefinedSchema: true
        default: error.message.contains("role \"\(PostgresEventStoreAdministration.role)\" does not exist")
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
