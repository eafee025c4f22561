import FoundationEssentials

/// A server that is used for a while, whoever runs it: see ``EmbeddedPostgres/join(in:patience:)``.
public struct JoinedPostgres: Sendable {
    /// Where clients find the socket.
    public let socketDirectory: String
    /// The number in the socket's name.
    public let port = SocketDirectory.port
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
    /// - Parameter patience: how long to wait for a server that another program is starting or stopping.
    /// - Throws: ``EmbeddedPostgresError``, whose description says what to do.
    public static func join(in directory: String, patience: Duration = .seconds(30)) async throws -> JoinedPostgres {
        guard FileManager.default.fileExists(atPath: "\(directory)/cluster") else {
            throw EmbeddedPostgresError.noCluster(directory: directory)
        }
        let cluster = try Cluster(directory: directory)
        let deadline = ContinuousClock.now + patience
        while true {
            let trouble: any Error
            do {
                let server = try await start(in: directory)
                return JoinedPostgres(socketDirectory: server.socketDirectory, started: server)
            } catch let error as EmbeddedPostgresError {
                guard case .inUse = error else { throw error }
                trouble = error
            }
            if PostmasterFile(path: cluster.postmasterFile)?.isReady == true {
                let socketDirectory = try SocketDirectory.path(to: cluster.dataDirectory)
                // One that is shutting down says that it is ready until it is gone.
                if (try? SocketDirectory.check(socketDirectory)) != nil {
                    return JoinedPostgres(socketDirectory: socketDirectory, started: nil)
                }
            }
            guard ContinuousClock.now < deadline else { throw trouble }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
