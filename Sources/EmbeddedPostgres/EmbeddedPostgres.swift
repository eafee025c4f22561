import ServerProcesses
public import ServiceLifecycle

/// A PostgreSQL server of one's own, for development and tests: no installation step, no port, no password.
///
/// ``start(in:settings:installation:)`` makes a database cluster in a directory if there is none yet (UTF-8, locale C,
/// checksums, superuser `postgres`), starts a server on it with PostgreSQL's own defaults for durability, and returns
/// when it accepts connections. It listens on a Unix-domain socket only, in a directory that nobody but the server's
/// user and root can enter, and asks for no password there.
///
/// A server lives as long as its program: it is shut down when it is stopped, when this value is released, and when
/// the program ends in any way, `kill -9` included. The data stays, and the next start recovers what it must.
///
/// Started as root, the server runs as the cluster's owner, or as `postgres` or `nobody` for a new one. The directories
/// above need not be open to that user.
///
/// Start one per directory, and hold on to it while it is in use. Starting takes about 50 ms, and a second more where
/// the cluster must be made first.
public final class EmbeddedPostgres: Service, Sendable {
    /// Absolute path of the directory that holds the cluster, `postgres.log` and `lock`.
    public var directory: String { server.folder.path }
    /// Where clients find the socket; short enough for a socket's address.
    public var socketDirectory: String { server.sockets.path }
    /// The number in the socket's name. There is no TCP port.
    public var port: Int { ServerKind.postgresPort }
    /// The superuser, who needs no password.
    public let username = "postgres"
    /// The process id of the server (of the postmaster).
    public var processID: Int32 { server.processID }

    private let server: PrivateServer

    private init(_ server: PrivateServer) { self.server = server }

    /// Starts a server on the cluster in a directory, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - directory: holds the cluster and nothing else; a path relative to the working directory, or an absolute one.
    ///   - settings: PostgreSQL's run-time settings, such as `["max_connections": "50"]`. Where the server listens is
    ///     not among them.
    ///   - installation: the programs to use; found by ``PostgresInstallation/find(environment:)`` if left out.
    /// - Throws: ``EmbeddedPostgresError`` or `PrivateServerError`, whose descriptions say what to do.
    public static func start(
        in directory: String,
        settings: [String: String] = [:],
        installation: PostgresInstallation? = nil
    ) async throws -> EmbeddedPostgres {
        let installation = try installation ?? PostgresInstallation.find()
        let cluster = try Cluster(directory: directory)
        let server = try await PrivateServer.start(in: cluster.folder) { user in
            try await cluster.endLeftoverServer()
            try await cluster.initialise(with: installation, as: user)
            return cluster.serving(settings: settings, with: installation, as: user)
        } readyProcessID: { _ in
            cluster.readyProcessID()
        }
        return EmbeddedPostgres(server)
    }

    /// Keeps the server until graceful shutdown or cancellation, then stops it.
    ///
    /// - Throws: `PrivateServerError.exited` when the server ends by itself.
    public func run() async throws { try await server.run() }

    /// Shuts the server down: sessions are ended, open transactions rolled back, and everything is on disk when this
    /// returns. A server that does not follow within 30 seconds is ended without that; its next start recovers.
    public func stop() async throws { await server.stop() }

    /// Kills the server as a crash would (SIGKILL), for tests; ``start(in:settings:installation:)`` on the same
    /// directory works right away and recovers.
    public func kill() { server.kill() }
}
