import EmbeddedPostgres
import EventSourcingPostgres
import LibPQ
import Logging
import ServerProcesses
import ServiceLifecycle

/// The event store and the read database, each in a place of its own.
struct Databases: Sendable {
    let eventStore: Database
    let readDatabase: Database
    /// The private clusters among them; one that ends by itself ends the program.
    let clusters: [EmbeddedPostgres]

    var all: [Database] { [eventStore, readDatabase] }

    /// Applies what is missing of both schemas, and makes sure that the service can work with its sessions.
    func prepare(logger: Logger) async throws {
        for database in all {
            for migration in try await database.migrate() {
                logger.info(
                    "Applied migration", metadata: ["database": "\(database.name)", "migration": "\(migration)"])
            }
            try await database.checkSessions()
        }
    }

    /// What the databases are opened for.
    enum Purpose {
        /// To serve, as the only program on the private clusters.
        case service
        /// To look and to intervene as an administrator, also beside a service that runs.
        case administration
        /// To run the jobs of a queue in the service's role. It waits for the service that runs the private clusters.
        case worker
    }

    /// Runs `body` with both databases, and with private clusters for those that no setting names; these are started
    /// before it, and stopped after it however it ends. Unless it is to serve, one that runs already is used.
    ///
    /// - Throws: ``Failure`` when a private cluster cannot be started; what `body` throws.
    static func withRunning(
        _ configuration: ServerConfiguration, for purpose: Purpose = .service, logger: Logger,
        _ body: (Databases) async throws -> Void
    ) async throws {
        let (eventStore, readDatabase) = Place.both(in: configuration, for: purpose)
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
    /// The role that is taken there; nil for the owner.
    let role: String?
    let vitalLocks: PostgresVitalLocks
    let purpose: Databases.Purpose
    let lockTimeout: Duration
    let dataDirectory: String

    static func both(
        in configuration: ServerConfiguration, for purpose: Databases.Purpose
    ) -> (eventStore: Place, readDatabase: Place) {
        let role =
            switch purpose {
            case .service, .worker: PostgresEventStore.serviceRole
            case .administration: PostgresEventStoreAdministration.role
            }
        return (
            Place(
                name: "event store", key: "event_store", external: configuration.eventStore, role: role,
                vitalLocks: PostgresEventStore.vitalLocks, purpose: purpose, lockTimeout: configuration.lockTimeout,
                dataDirectory: configuration.dataDirectory),
            Place(
                name: "read database", key: "read_db", external: configuration.readDatabase, role: nil,
                vitalLocks: PostgresVitalLocks(schema: "public", includesWrites: false), purpose: purpose,
                lockTimeout: configuration.lockTimeout, dataDirectory: configuration.dataDirectory)
        )
    }

    /// The database, and the private cluster that was started for it.
    func open(logger: Logger) async throws -> (database: Database, cluster: EmbeddedPostgres?) {
        if let external { return (database(in: external), nil) }
        switch purpose {
        case .service:
            let cluster = try await startCluster(logger: logger)
            do {
                try await makeDatabase(in: cluster)
                return (database(in: cluster.socketDirectory, cluster.port, as: cluster.username), cluster)
            } catch {
                try await cluster.stop()
                throw error
            }
        case .worker:
            let cluster = try await awaitCluster(logger: logger)
            return (database(in: cluster.socketDirectory, cluster.port, as: cluster.username), nil)
        case .administration:
            let cluster = try await joinCluster()
            return (database(in: cluster.socketDirectory, cluster.port, as: cluster.username), cluster.started)
        }
    }

    private func database(in external: DatabaseConfiguration) -> Database {
        database(
            PostgresConfiguration(
                hosts: external.hosts, username: external.username, password: external.password,
                database: external.database, tls: external.tls, lockTimeout: lockTimeout, applicationName: "invoices"),
            at: external.place, settings: external.prefix)
    }

    private func database(_ owner: PostgresConfiguration, at place: String, settings: String? = nil) -> Database {
        // An administrator's reads may be long: they compare whole tables.
        let readTimeout = purpose == .administration ? nil : lockTimeout
        return Database(
            name: name, owner: owner, role: role, readTimeout: readTimeout, vitalLocks: vitalLocks, at: place,
            settings: settings, migrations: "Migrations/\(key)")
    }

    private func startCluster(logger: Logger) async throws -> EmbeddedPostgres {
        logger.info(
            "Starting a private PostgreSQL cluster", metadata: ["database": "\(name)", "in": "\(dataDirectory)"])
        do {
            return try await EmbeddedPostgres.start(in: "\(dataDirectory)/\(key)")
        } catch let error where error is EmbeddedPostgresError || error is PrivateServerError {
            throw Failure(.unavailable, "\(name): \(error)")
        }
    }

    /// Waits until a service runs the cluster. One that a worker started would lock the service out.
    private func awaitCluster(logger: Logger) async throws -> JoinedPostgres {
        let directory = "\(dataDirectory)/\(key)"
        var isWaiting = false
        while true {
            do {
                if let server = try EmbeddedPostgres.running(in: directory) { return server }
            } catch let error as PrivateServerError {
                throw Failure(.unavailable, "\(name): \(error)")
            }
            if !isWaiting {
                isWaiting = true
                logger.notice("Waiting for the service, which runs the private cluster in \(directory)")
            }
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(200)) }
        }
    }

    private func joinCluster() async throws -> JoinedPostgres {
        do {
            return try await EmbeddedPostgres.join(in: "\(dataDirectory)/\(key)")
        } catch EmbeddedPostgresError.noCluster(let directory) {
            throw Failure(
                .unavailable,
                """
                \(name): there is no private cluster in \(directory), and no setting says where else it is; \
                start the command in the service's folder, or give it the service's settings
                """)
        } catch let error where error is EmbeddedPostgresError || error is PrivateServerError {
            throw Failure(.unavailable, "\(name): \(error)")
        }
    }

    /// Creates the database in a private cluster, when it is not there yet.
    private func makeDatabase(in cluster: EmbeddedPostgres) async throws {
        let administration = PostgresClient(
            configuration(of: "postgres", in: cluster.socketDirectory, cluster.port, as: cluster.username))
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
    }

    /// The database in a private cluster.
    private func database(in socketDirectory: String, _ port: Int, as username: String) -> Database {
        database(configuration(of: key, in: socketDirectory, port, as: username), at: socketDirectory)
    }

    private func configuration(
        of database: String, in socketDirectory: String, _ port: Int, as username: String
    ) -> PostgresConfiguration {
        PostgresConfiguration(
            hosts: [.init(socketDirectory, port: port)], username: username, database: database,
            lockTimeout: lockTimeout, applicationName: "invoices")
    }

    private static let databaseNamed = PostgresStatement("select 1 from pg_database where datname = $1")
}
