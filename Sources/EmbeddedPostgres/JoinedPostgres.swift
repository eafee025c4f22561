import FoundationEssentials
import ServerProcesses

/// A server that this or another program runs: see ``EmbeddedPostgres/join(in:timeout:)``.
public struct JoinedPostgres: Sendable {
    /// Where clients find the socket.
    public let socketDirectory: String
    /// The number in the socket's name.
    public var port: Int { ServerKind.postgresPort }
    /// The superuser, who needs no password.
    public let username = "postgres"
    /// The server, if it was started for this: to be stopped when it is not needed any more.
    public let started: EmbeddedPostgres?
}

extension EmbeddedPostgres {
    /// The server that another program runs on the cluster in a directory; or one that is started, when none does.
    ///
    /// Nothing is made here: a directory without a cluster is more often a wrong one than a new one.
    ///
    /// - Parameter timeout: how long to wait for a server that another program is starting or stopping.
    /// - Throws: ``EmbeddedPostgresError`` or `PrivateServerError`, whose descriptions say what to do.
    public static func join(in directory: String, timeout: Duration = .seconds(30)) async throws -> JoinedPostgres {
        guard FileManager.default.fileExists(atPath: "\(directory)/cluster") else {
            throw EmbeddedPostgresError.noCluster(directory: directory)
        }
        let deadline = ContinuousClock.now + timeout
        while true {
            let failure: any Error
            do {
                let server = try await start(in: directory)
                return JoinedPostgres(socketDirectory: server.socketDirectory, started: server)
            } catch let error as PrivateServerError {
                guard case .inUse = error else { throw error }
                failure = error
            }
            if let server = try running(in: directory) { return server }
            guard ContinuousClock.now < deadline else { throw failure }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The server that another program runs on the cluster in a directory.
    ///
    /// - Returns: nil when none does.
    /// - Throws: `PrivateServerError` when the directory cannot be used.
    public static func running(in directory: String) throws -> JoinedPostgres? {
        guard FileManager.default.fileExists(atPath: "\(directory)/cluster") else { return nil }
        let cluster = try Cluster(directory: directory)
        guard cluster.readyProcessID() != nil else { return nil }
        let sockets = try SocketDirectory(of: cluster.folder)
        // A server that is shutting down reports that it is ready until it has ended.
        guard (try? sockets.check()) != nil else { return nil }
        return JoinedPostgres(socketDirectory: sockets.path, started: nil)
    }
}
