import ServerProcesses
import Subprocess

extension ServerKind {
    static let postgres = ServerKind(
        name: "PostgreSQL", processName: "postgres", dataFolder: "cluster", logFile: "postgres.log",
        socketFile: ".s.PGSQL.\(postgresPort)", users: ["postgres", "nobody"],
        // The fast shutdown of PostgreSQL manual 19.5.
        shutdownSignal: .interrupt, foreignVariables: "PG")

    /// Part of the socket's name; there is no TCP port.
    static let postgresPort = 5432
}

extension Cluster {
    /// Makes a cluster in an empty directory.
    func initialisation(
        in directory: String, with installation: PostgresInstallation, as user: ServerUser?
    ) -> Configuration {
        let words = [
            installation.initdb, "--username=postgres", "--encoding=UTF8", "--locale=C", "--data-checksums",
            "--auth-local=trust", "--auth-host=reject",
        ]
        return ServerCommand(in: directory, of: folder.kind, as: user).once(words, folderAs: "-D")
    }

    /// Runs a server on the cluster. Where it listens is not among the settings.
    func serving(
        settings: [String: String], with installation: PostgresInstallation, as user: ServerUser?
    ) -> Configuration {
        var settings = settings
        settings["listen_addresses"] = ""
        settings["port"] = String(ServerKind.postgresPort)
        settings["unix_socket_directories"] = "."
        let arguments = settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return ServerCommand(in: dataDirectory, of: folder.kind, as: user)
            .supervised([installation.postgres] + arguments, folderAs: "-D")
    }
}
