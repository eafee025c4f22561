import Glibc
public import ServiceLifecycle
import Synchronization

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
    public let directory: String
    /// Where clients find the socket; short enough for a socket's address.
    public let socketDirectory: String
    /// The number in the socket's name. There is no TCP port.
    public let port = SocketDirectory.port
    /// The superuser, who needs no password.
    public let username = "postgres"
    /// The process id of the server (of the postmaster).
    public let processID: Int32

    private let process: ServerProcess
    private let lock: DirectoryLock
    private let isStopRequested = Mutex(false)

    private init(
        cluster: Cluster,
        socketDirectory: String,
        process: ServerProcess,
        processID: Int32,
        lock: DirectoryLock
    ) {
        self.directory = cluster.directory
        self.socketDirectory = socketDirectory
        self.process = process
        self.processID = processID
        self.lock = lock
    }

    /// Starts a server on the cluster in a directory, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - directory: holds the cluster and nothing else; a path relative to the working directory, or an absolute one.
    ///   - settings: PostgreSQL's run-time settings, such as `["max_connections": "50"]`. Where the server listens is
    ///     not among them.
    ///   - installation: the programs to use; found by ``PostgresInstallation/find(environment:)`` if left out.
    /// - Throws: ``EmbeddedPostgresError``, whose description says what to do.
    public static func start(
        in directory: String,
        settings: [String: String] = [:],
        installation: PostgresInstallation? = nil
    ) async throws -> EmbeddedPostgres {
        let installation = try installation ?? PostgresInstallation.find()
        let cluster = try Cluster(directory: directory)
        let user = try ServerUser.choose(forCluster: cluster.dataDirectory)
        let lock = try DirectoryLock(directory: cluster.directory, owner: user)
        try await cluster.endLeftoverServer()
        try await cluster.initialise(with: installation, as: user)
        let socketDirectory = try SocketDirectory.path(to: cluster.dataDirectory)
        let process = try ServerProcess(on: cluster, settings: settings, with: installation, as: user)
        do {
            let processID = try await process.waitUntilReady()
            try SocketDirectory.check(socketDirectory)
            return EmbeddedPostgres(
                cluster: cluster,
                socketDirectory: socketDirectory,
                process: process,
                processID: processID,
                lock: lock
            )
        } catch {
            process.shutDown()
            _ = await process.waitForExit()
            throw error
        }
    }

    /// Keeps the server until graceful shutdown or cancellation, then stops it.
    ///
    /// - Throws: ``EmbeddedPostgresError/exited(directory:reason:log:)`` when the server ends by itself.
    public func run() async throws {
        let reason = await withTaskCancellationOrGracefulShutdownHandler {
            await process.waitForExit()
        } onCancelOrGracefulShutdown: {
            self.requestStop()
        }
        lock.release()
        guard isStopRequested.withLock({ $0 }) else {
            throw EmbeddedPostgresError.exited(directory: directory, reason: reason, log: process.lastLogLines())
        }
    }

    /// Shuts the server down: sessions are ended, open transactions rolled back, and everything is on disk when this
    /// returns. A server that does not follow within 30 seconds is ended without that; its next start recovers.
    public func stop() async throws {
        requestStop()
        _ = await process.waitForExit()
        lock.release()
    }

    /// Kills the server as a crash would (SIGKILL), for tests; ``start(in:settings:installation:)`` on the same
    /// directory works right away and recovers.
    public func kill() {
        guard process.exitReason == nil else { return }
        Glibc.kill(processID, SIGKILL)
        lock.release()
    }

    private func requestStop() {
        isStopRequested.withLock { $0 = true }
        process.shutDown()
    }
}
