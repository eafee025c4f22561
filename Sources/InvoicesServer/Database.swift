import EventSourcingPostgres
import LibPQ
import Logging

/// One of the two databases: its connections, and the migrations that make its schema.
struct Database: Sendable {
    /// As a person calls it: "event store".
    let name: String
    /// May do what the service has to, and no more.
    let client: PostgresClient
    /// Makes another client like ``client`` that waits a second for locks at most, for work that others must not wait for.
    let makeClient: @Sendable () -> PostgresClient
    /// Tells of locks that keep the client from working.
    let lockWatch: PostgresLockWatch
    /// As the owner of the schema, who migrates it.
    private let owner: PostgresConfiguration
    private let place: String
    /// What the names of its settings begin with; nil for a private cluster.
    private let settings: String?
    private let migrations: String
    private let vitalLocks: PostgresVitalLocks
    private let sessions = Sessions()

    /// - Parameters:
    ///   - place: where it is, for a person who looks for the fault.
    ///   - settings: what the names of its settings begin with.
    ///   - migrations: the folder of its migrations, below the repository's.
    ///   - role: whose privileges the service takes, once the migrations have made it; nil for those of the owner.
    ///   - readTimeout: how long a read may take; nil where reads may be long.
    ///   - vitalLocks: those without which the service cannot work.
    init(
        name: String, owner: PostgresConfiguration, role: String? = nil, readTimeout: Duration? = nil,
        vitalLocks: PostgresVitalLocks, at place: String, settings: String? = nil, migrations: String
    ) {
        self.name = name
        var owner = owner
        // Tables without a schema's name are here.
        owner.settings["search_path"] = "public"
        owner.targetSessionAttributes = .readWrite
        self.owner = owner
        self.place = place
        self.settings = settings
        self.migrations = migrations
        self.vitalLocks = vitalLocks
        var configuration = owner
        configuration.role = role
        configuration.readTimeout = readTimeout
        // Whoever takes over from a process that was stopped in a transaction does not wait for it.
        configuration.idleInTransactionTimeout = .seconds(3)
        // Commits wait for the disk, unless a function turns that off for its own transaction.
        configuration.settings["synchronous_commit"] = "on"
        let service = configuration
        // After a fail-over the new primary is found within a second or so.
        let pool = PostgresPoolConfiguration(circuitBreaker: PostgresCircuitBreaker(probeInterval: .seconds(1)))
        makeClient = {
            // What waits for a lock is tried again, and must not keep the program from ending.
            var relaying = service
            relaying.lockTimeout = .seconds(1)
            return PostgresClient(relaying, pool: pool)
        }
        client = PostgresClient(service, pool: pool)
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
            try await client.checkSessions()
            let applied = try await naming(client) {
                try await PostgresMigrator(directory: Resources.require(migrations)).migrate(client)
            }
            await client.close()
            return applied
        } catch {
            await client.close()
            throw failure(error)
        }
    }

    /// Runs `body` while the log names those whose locks it waits for.
    private func naming<Answer: Sendable>(
        _ client: PostgresClient, _ body: () async throws -> Answer
    ) async throws -> Answer {
        let watch = PostgresLockWatch(client, database: name, vital: vitalLocks, logger: .current)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await watch.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Makes sure that the service can work with its sessions.
    ///
    /// - Throws: ``Failure`` that says what is wrong and what to do.
    func checkSessions() async throws {
        do { try await sessions.check(client) } catch { throw failure(error) }
    }

    /// What `body` answers; an error names the database that it is about.
    func explaining<Answer>(_ body: (PostgresClient) async throws -> Answer) async throws -> Answer {
        try await checkSessions()
        do { return try await body(client) } catch { throw failure(error) }
    }

    /// The error, with the database that it is about and what to do.
    private func failure(_ error: any Error) -> any Error {
        switch error {
        case let error as PostgresError where error.sqlState == .lockNotAvailable:
            Failure(.unavailable, "\(name) (\(place)): \(Self.isLocked)")
        case PostgresMigrationError.failed(let file, _, let error) where error.sqlState == .lockNotAvailable:
            Failure(.unavailable, "\(name) (\(place)): \(file) was not applied, \(Self.isLocked)")
        case let error as PostgresMigrationError: Failure(.data, "\(name) (\(place)): \(error)")
        case let error as PostgresSessionError: Failure(.unavailable, "\(name) (\(place)): \(error)")
        case let error as PostgresError where error.message.contains(Self.noSchema):
            Failure(
                .data,
                "\(name) (\(place)): the schema public is missing or closed to this user; create it, or grant its use"
            )
        case let error as PostgresError where Self.lacksSchema(error):
            Failure(
                .data,
                "\(name) (\(place)): its schema is missing or older than this program; run `invoices migrate` (\(error))"
            )
        case let error as PostgresError:
            Failure(.unavailable, "\(name) (\(place)): \(error)\(advice(for: error).map { "; \($0)" } ?? "")")
        default: error
        }
    }

    private static let isLocked = """
        since another session holds a lock that is needed; end its transaction (the log, or pg_locks, names its process), and try again
        """

    private func advice(for error: PostgresError) -> String? {
        guard let settings else { return nil }
        return switch error.code {
        case .tls:
            """
            turn on TLS at the server with a certificate that \(settings)_SSL_ROOT_CERT vouches for, or choose another \
            \(settings)_SSL_MODE (disable only where nobody can listen in)
            """
        case .readOnly: "name the server that takes writes in \(settings)_HOST, or make this one the primary"
        case .connection where error.message.contains("valid client certificate"):
            "name the service's own certificate in \(settings)_SSL_CERT, and its key in \(settings)_SSL_KEY"
        default: nil
        }
    }

    /// Nothing of the `search_path` is there, or may be used.
    private static let noSchema = "no schema has been selected to create in"

    /// A table or a role is not there, that the migrations make.
    private static func lacksSchema(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case .undefinedTable, .undefinedColumn, .undefinedFunction, .undefinedSchema: true
        default:
            [PostgresEventStore.serviceRole, PostgresEventStoreAdministration.role].contains {
                error.message.contains("role \"\($0)\" does not exist")
            }
        }
    }
}

/// Looks at the sessions of a client once.
private actor Sessions {
    private var areChecked = false

    func check(_ client: PostgresClient) async throws {
        guard !areChecked else { return }
        try await client.checkSessions()
        areChecked = true
    }
}
