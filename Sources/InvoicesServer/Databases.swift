import EmbeddedPostgres
import EventSourcingPostgres
import LibPQ
import Logging

/// The event store and the read database, each in a place of its own.
struct Databases: Sendable {
    let eventStore: Database
    let readDatabase: Database
    /// The private clusters among them; one that ends by itself ends the program.
    let clusters: [EmbeddedPostgres]

    var all: [Database] { [eventStore, readDatabase] }

    /// Applies what is missing of both schemas.
    func migrate(logger: Logger) async throws {
        for database in all {
            for migration in try await database.migrate() {
                logger.info(
                    "Applied migration", metadata: ["database": "\(database.name)", "migration": "\(migration)"])
            }
        }
    }

    /// Runs `body` with both databases, and with private clusters for those that no setting names; these are started
    /// before it, and stopped after it however it ends.
    ///
    /// - Throws: ``Failure`` when a private cluster cannot be started; what `body` throws.
    static func withRunning(
        _ configuration: ServerConfiguration, logger: Logger, _ body: (Databases) async throws -> Void
    ) async throws {
        let (eventStore, readDatabase) = Place.both(in: configuration)
        async let openingEventStore = Result { try await eventStore.open(logger: logger) }
        async let openingReadDatabase = Result { try await readDatabase.open(logger: logger) }
        let opened = await [openingEventStore, openingReadDatabase]
        let outcome = await Result {
            let (first, second) = (try opened[0].get(), try opened[1].get())
            try await body(
                Databases(
                    eventStore: first.database, readDatabase: second.database,
                    clusters: [first.cluster, second.cluster].compactMap(\.self)))
        }
        for place in opened.compactMap({ try? $0.get() }) {
            await place.database.client.close()
            try await place.cluster?.stop()
        }
        try outcome.get()
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Where one of the databases is to be.
private struct Place {
    let name: String
    /// The database's name in a private cluster, and the folder of the cluster and of the migrations.
    let key: String
    let external: DatabaseConfiguration?
    /// The role that the service takes there; nil for the owner.
    let role: String?
    let dataDirectory: String

    static func both(in configuration: ServerConfiguration) -> (eventStore: Place, readDatabase: Place) {
        (
            Place(
                name: "event store", key: "event_store", external: configuration.eventStore,
                role: PostgresEventStore.serviceRole,
                dataDirectory: configuration.dataDirectory),
            Place(
                name: "read database", key: "read_db", external: configuration.readDatabase, role: nil,
                dataDirectory: configuration.dataDirectory)
        )
    }

    /// The database, and the private cluster that was started for it.
    func open(logger: Logger) async throws -> (database: Database, cluster: EmbeddedPostgres?) {
        if let external { return (database(in: external), nil) }
        let cluster = try await startCluster(logger: logger)
        do {
            return (try await database(in: cluster), cluster)
        } catch {
            try await cluster.stop()
            throw error
        }
    }

    private func database(in external: DatabaseConfiguration) -> Database {
        Database(
            name: name,
            owner: PostgresConfiguration(
                hosts: [.init(external.host, port: external.port)], username: external.username,
                password: external.password, database: external.database, applicationName: "invoices"),
            role: role, at: "\(external.host):\(external.port)/\(external.database)", migrations: "Migrations/\(key)")
    }

    private func startCluster(logger: Logger) async throws -> EmbeddedPostgres {
        logger.info(
            "Starting a private PostgreSQL cluster", metadata: ["database": "\(name)", "in": "\(dataDirectory)"])
        do {
            return try await EmbeddedPostgres.start(in: "\(dataDirectory)/\(key)")
        } catch let error as EmbeddedPostgresError {
            throw Failure(.unavailable, "\(name): \(error)")
        }
    }

    /// The database in a private cluster; created when it is not there yet.
    private func database(in cluster: EmbeddedPostgres) async throws -> Database {
        func configuration(of database: String) -> PostgresConfiguration {
            PostgresConfiguration(
                hosts: [.init(cluster.socketDirectory, port: cluster.port)], username: cluster.username,
                database: database, applicationName: "invoices")
        }
        let administration = PostgresClient(configuration(of: "postgres"))
        do {
            let found = try await administration.query(Self.databaseNamed, key)
            if found.isEmpty {
                try await administration.withConnection { try await $0.script("create database \(key)") }
            }
        } catch {
            await administration.close()
            throw error
        }
        await administration.close()
        return Database(
            name: name, owner: configuration(of: key), role: role, at: cluster.socketDirectory,
            migrations: "Migrations/\(key)")
    }

    private static let databaseNamed = PostgresStatement("select 1 from pg_database where datname = $1")
}
