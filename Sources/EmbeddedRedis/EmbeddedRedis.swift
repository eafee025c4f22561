import FoundationEssentials
import Glibc
import ServerProcesses
public import ServiceLifecycle
import Subprocess

/// A Redis server of one's own, for development and tests: no installation step, no port, no password.
///
/// ``start(in:settings:loopbackPort:installation:)`` starts a server that keeps its data in a directory and returns when
/// it accepts commands. What it has confirmed is on disk (append-only file, `appendfsync always`), and it never evicts
/// keys. It listens on a Unix-domain socket only, in a directory that nobody but the server's user and root can enter.
///
/// A server lives as long as its program: it is shut down when it is stopped, when this value is released, and when
/// the program ends in any way, `kill -9` included. The data stays.
///
/// Started as root, the server runs as the data's owner, or as `redis` or `nobody` for a new directory. The directories
/// above need not be open to that user.
public final class EmbeddedRedis: Service, Sendable {
    /// Absolute path of the directory that holds the data, `redis.log` and `lock`.
    public var directory: String { server.folder.path }
    /// Where clients find the socket; short enough for a socket's address.
    public var socket: String { server.sockets.socket }
    /// The port on 127.0.0.1, when one was asked for.
    public let loopbackPort: Int?
    /// The number of the server's process.
    public var processID: Int32 { server.processID }

    private let server: PrivateServer

    private init(_ server: PrivateServer, loopbackPort: Int?) {
        self.server = server
        self.loopbackPort = loopbackPort
    }

    /// Starts a server on a directory, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - directory: holds the server's data and nothing else; a path relative to the working directory, or absolute.
    ///   - settings: of `redis.conf`, such as `["maxmemory": "64mb"]`. Where the server listens is not among them.
    ///   - loopbackPort: a port of 127.0.0.1 to listen on besides, without a password: for tests.
    ///   - installation: found by ``RedisInstallation/find(environment:)`` if left out.
    /// - Throws: ``RedisNotInstalled`` or `PrivateServerError`, whose descriptions say what to do.
    public static func start(
        in directory: String, settings: [String: String] = [:], loopbackPort: Int? = nil,
        installation: RedisInstallation? = nil
    ) async throws -> EmbeddedRedis {
        let installation = try installation ?? RedisInstallation.find()
        let folder = try ServerFolder(directory, of: .redis)
        let server = try await PrivateServer.start(in: folder) { user in
            try await folder.endLeftovers(by: [(SIGTERM, .seconds(30)), (SIGKILL, .seconds(10))]) { signal, processes in
                for process in processes { Glibc.kill(process, signal) }
            }
            try makeData(in: folder, of: user)
            let words = [installation.server] + arguments(settings, loopbackPort)
            return ServerCommand(in: folder.data, of: .redis, as: user).supervised(words, folderAs: "--dir")
        } readyProcessID: { sockets in
            // A child that rewrites the append-only file comes later.
            RedisProbe.isReady(at: sockets) ? folder.processes().min() : nil
        }
        return EmbeddedRedis(server, loopbackPort: loopbackPort)
    }

    /// The path of the socket that a server on a directory has, whether it runs or not. Makes the directory.
    ///
    /// - Throws: `PrivateServerError` when the directory cannot be used.
    public static func socket(in directory: String) throws -> String {
        let folder = try ServerFolder(directory, of: .redis)
        try makeData(in: folder, of: try ServerUser.choose(for: folder))
        return try SocketDirectory(of: folder).socket
    }

    /// Keeps the server until graceful shutdown or cancellation, then stops it.
    ///
    /// - Throws: `PrivateServerError.exited` when the server ends by itself.
    public func run() async throws { try await server.run() }

    /// Shuts the server down, with everything on disk when this returns.
    public func stop() async { await server.stop() }

    /// Kills the server as a crash would (SIGKILL), for tests; ``start(in:settings:loopbackPort:installation:)`` on the
    /// same directory works right away.
    public func kill() { server.kill() }

    private static func makeData(in folder: ServerFolder, of user: ServerUser?) throws {
        guard let status = FileStatus(of: folder.data) else {
            return try folder.makePrivateFolder(folder.data, of: user)
        }
        // The program ended between making it and giving it away.
        guard let user, status.userID != user.userID else { return }
        try systemCall("chown", folder.data) { chown(folder.data, user.userID, user.groupID) }
    }

    private static func arguments(_ settings: [String: String], _ loopbackPort: Int?) -> [String] {
        var settings = settings
        for (name, value) in [
            "daemonize": "no", "pidfile": "", "logfile": "", "unixsocket": ServerKind.redis.socketFile,
            "unixsocketperm": "700", "port": "\(loopbackPort ?? 0)", "bind": "127.0.0.1",
        ] { settings[name] = value }
        let durable = ["save": "", "appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"]
        settings.merge(durable) { asked, _ in asked }
        return settings.sorted { $0.key < $1.key }.flatMap { ["--\($0.key)", $0.value] }
    }
}

extension ServerKind {
    static let redis = ServerKind(
        name: "Redis", processName: "redis-server", dataFolder: "data", logFile: "redis.log", socketFile: "redis.sock",
        users: ["redis", "nobody"],
        // A second SIGINT would end it without its data on disk.
        shutdownSignal: .terminate)
}
