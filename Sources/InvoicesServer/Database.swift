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
    /// What the names of its settings begin with; nil for a private cluster.
    private let settings: String?
    private let migrations: String
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
        var service = owner
        service.role = role
        service.readTimeout = readTimeout
        // Whoever takes over from a process that was stopped in a transaction does not wait for it.
        service.idleInTransactionTimeout = .seconds(3)
        // What is committed is on the disk, unless a function says otherwise for its own transaction.
        service.settings["synchronous_commit"] = "on"
        // After a fail-over the new primary is found within a second or so.
        let pool = PostgresPoolConfiguration(circuitBreaker: PostgresCircuitBreaker(probeInterval: .seconds(1)))
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
            let migrator = try PostgresMigrator(directory: Resources.require(migrations))
            let applied = try await migrator.migrate(client)
            await client.close()
            return applied
        } catch {
            await client.close()
            throw failure(error)
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
        default: error.message.contains("role \"\(PostgresEventStoreAdministration.role)\" does not exist")
        }
    }

    /// Nil when the database answers and takes writes; else why not, in words for anybody.
    func trouble() async -> String? {
        do {
            async let reading = client.query(Self.ping, timeout: Self.probeTimeout)
            async let writing: Void = client.checkWriting(timeout: Self.probeTimeout)
            _ = try await (reading, writing)
            return nil
        } catch let error as PostgresError where error.meansReadOnly {
            return "takes no writes"
        } catch {
            return "does not answer"
        }
    }

    private static let ping = PostgresStatement("select 1")
    /// How long a session may take to answer when it is asked whether it can work.
    private static let probeTimeout = Duration.seconds(3)
}

extension PostgresError {
    fileprivate var meansReadOnly: Bool { code == .readOnly || sqlState == .readOnlyTransaction }
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
