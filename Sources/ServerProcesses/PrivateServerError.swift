/// Why a private server could not be started or kept running.
public enum PrivateServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another program uses the directory; its process id, where it could be read.
    case inUse(directory: String, processID: Int32?)
    /// The data belongs to another user and this process is not root.
    case foreignOwner(directory: String, userID: UInt32)
    /// Root has none of the unprivileged users that the server could run as.
    case noUnprivilegedUser(server: String, users: [String])
    /// The server ended or did not become ready; the last lines of its log.
    case startFailed(server: String, directory: String, reason: String, log: String)
    /// The server ended unexpectedly; the last lines of its log.
    case exited(server: String, directory: String, reason: String, log: String)
    /// A server that an earlier program left behind does not end, not even by SIGKILL.
    case leftoverServer(server: String, directory: String, processIDs: [Int32])
    /// A directory for the socket's short path exists and is not private to this user.
    case untrustedDirectory(String)
    /// A system call failed.
    case system(operation: String, path: String, reason: String)

    /// What went wrong, and what to do.
    public var description: String {
        switch self {
        case .inUse(let directory, let processID):
            """
            \(directory) is in use by \(processID.map { "process \($0)" } ?? "another process"). End it, or use another \
            directory.
            """
        case .foreignOwner(let directory, let userID):
            "\(directory) belongs to user \(userID). Run as that user or as root, or use another directory."
        case .noUnprivilegedUser(let server, let users):
            "\(server) is not run as root, and there is no user \(users.joined(separator: " or "))."
        case .startFailed(let server, let directory, let reason, let log):
            "The \(server) server in \(directory) did not start: \(reason). The end of its log:\n\(log)"
        case .exited(let server, let directory, let reason, let log):
            "The \(server) server in \(directory) ended by itself: \(reason). The end of its log:\n\(log)"
        case .leftoverServer(let server, let directory, let processIDs):
            "A \(server) server of an earlier run in \(directory) does not end: processes \(processIDs)."
        case .untrustedDirectory(let path):
            "\(path) is not a directory that belongs to this user alone. Remove it."
        case .system(let operation, let path, let reason):
            "\(operation) \(path): \(reason)"
        }
    }
}
