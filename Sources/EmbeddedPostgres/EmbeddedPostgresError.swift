/// Why a private PostgreSQL server could not be started or kept running.
public enum EmbeddedPostgresError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No directory of `PATH` and none below `/usr/lib/postgresql` holds `initdb` and `postgres`.
    case notInstalled
    /// The program does not answer `--version` as PostgreSQL's does.
    case unusable(program: String)
    /// Another program uses the directory; its process id, where it could be read.
    case inUse(directory: String, processID: Int32?)
    /// There is no cluster in the directory.
    case noCluster(directory: String)
    /// The cluster was made by another major version than the installed one.
    case versionMismatch(directory: String, cluster: String, installed: String)
    /// The cluster belongs to another user and this process is not root.
    case foreignOwner(directory: String, userID: UInt32)
    /// Root has no unprivileged user that the server could run as.
    case noUnprivilegedUser
    /// `initdb` failed; what it printed.
    case initialisationFailed(directory: String, output: String)
    /// The server ended or did not become ready; the last lines of its log.
    case startFailed(directory: String, reason: String, log: String)
    /// The server ended although nobody stopped it; the last lines of its log.
    case exited(directory: String, reason: String, log: String)
    /// A server that an earlier program left behind does not end, not even by SIGKILL.
    case leftoverServer(directory: String, processIDs: [Int32])
    /// A directory for the socket's short path exists and is not private to this user.
    case untrustedDirectory(String)
    /// A system call failed.
    case system(operation: String, path: String, reason: String)

    public var description: String {
        switch self {
        case .notInstalled:
            """
            No PostgreSQL server programs (initdb, postgres) in PATH or below /usr/lib/postgresql. Install them: \
            `apt-get install postgresql` on Debian and Ubuntu, `dnf install postgresql-server` on Fedora.
            """
        case .unusable(let program):
            "\(program) does not answer --version as a PostgreSQL server does."
        case .inUse(let directory, let processID):
            """
            \(directory) is in use by \(processID.map { "process \($0)" } ?? "another process"). End it, or use another \
            directory.
            """
        case .noCluster(let directory):
            "There is no private PostgreSQL cluster in \(directory)."
        case .versionMismatch(let directory, let cluster, let installed):
            """
            \(directory) was made by PostgreSQL \(cluster), installed is PostgreSQL \(installed). Install \
            PostgreSQL \(cluster), bring the data over with pg_upgrade, or remove the directory to begin anew.
            """
        case .foreignOwner(let directory, let userID):
            "\(directory) belongs to user \(userID). Run as that user or as root, or use another directory."
        case .noUnprivilegedUser:
            "PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody."
        case .initialisationFailed(let directory, let output):
            "initdb failed in \(directory):\n\(output)"
        case .startFailed(let directory, let reason, let log):
            "The PostgreSQL server in \(directory) did not start: \(reason). The end of its log:\n\(log)"
        case .exited(let directory, let reason, let log):
            "The PostgreSQL server in \(directory) ended by itself: \(reason). The end of its log:\n\(log)"
        case .leftoverServer(let directory, let processIDs):
            "A PostgreSQL server of an earlier run in \(directory) does not end: processes \(processIDs)."
        case .untrustedDirectory(let path):
            "\(path) is not a directory that belongs to this user alone. Remove it."
        case .system(let operation, let path, let reason):
            "\(operation) \(path): \(reason)"
        }
    }
}
