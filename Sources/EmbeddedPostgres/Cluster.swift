import FoundationEssentials
import Glibc
import ServerProcesses
import Subprocess
import SystemPackage

/// A directory with a database cluster in it: `cluster` (PostgreSQL's data directory), `postgres.log` and `lock`.
struct Cluster: Sendable {
    let folder: ServerFolder

    /// Makes the directory if it is not there.
    init(directory: String) throws {
        folder = try ServerFolder(directory, of: .postgres)
    }

    /// The absolute path, without symbolic links.
    var directory: String { folder.path }

    /// PostgreSQL's data directory.
    var dataDirectory: String { folder.data }

    var postmasterFile: String { dataDirectory + "/postmaster.pid" }

    /// The file by which servers that share a directory for their sockets would notice each other.
    var socketLockFile: String { "\(dataDirectory)/\(folder.kind.socketFile).lock" }

    /// The server's process id when it accepts connections.
    func readyProcessID() -> pid_t? {
        PostmasterFile(path: postmasterFile).flatMap { $0.isReady ? $0.processID : nil }
    }

    /// Ends what an earlier program has left running, and waits for it.
    func endLeftoverServer() async throws {
        try await folder.endLeftovers(
            by: [(SIGINT, .seconds(30)), (SIGQUIT, .seconds(10)), (SIGKILL, .seconds(10))]
        ) { signal, processes in
            let server = PostmasterFile(path: postmasterFile)?.processID
            // A server ends its backends in good order; only without it they are signalled themselves.
            if let server, processes.contains(server) {
                kill(server, signal)
            } else {
                // To a backend, SIGINT means to cancel its statement and to go on.
                for backend in processes { kill(backend, signal == SIGINT ? SIGTERM : signal) }
            }
        }
        // A killed server leaves these files behind, and the next one would refuse to start if another process now had
        // the number that is in them.
        unlink(postmasterFile)
        unlink(socketLockFile)
    }

    /// Makes the data directory if it is not there yet.
    ///
    /// `initdb` works in a directory beside it, which gets its name when it is complete: what an interrupted run
    /// leaves behind is recognised by its name and thrown away.
    func initialise(with installation: PostgresInstallation, as user: ServerUser?) async throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: directory) where name.hasPrefix("initdb.") {
            try files.removeItem(atPath: "\(directory)/\(name)")
        }
        if files.fileExists(atPath: dataDirectory) {
            return try await checkVersion(of: installation)
        }

        let unfinished = "\(directory)/initdb.\(getpid())"
        try folder.makePrivateFolder(unfinished, of: user)
        let result = try await run(
            initialisation(in: unfinished, with: installation, as: user),
            output: .string(limit: 64 * 1024),
            error: .combinedWithOutput
        )
        try Task.checkCancellation()
        guard result.terminationStatus.isSuccess else {
            throw EmbeddedPostgresError.initialisationFailed(directory: directory, output: result.standardOutput)
        }
        try systemCall("rename", unfinished) { rename(unfinished, dataDirectory) }
        try synchronise()
    }

    /// Makes the new name durable: after a power cut a cluster with data in it must not look like an unfinished one.
    private func synchronise() throws {
        let descriptor = try systemCall("open", directory) { open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { close(descriptor) }
        try systemCall("fsync", directory) { fsync(descriptor) }
    }

    /// A data directory works only with the major version that made it (PostgreSQL manual 19.6).
    private func checkVersion(of installation: PostgresInstallation) async throws {
        let file = try String(contentsOfFile: dataDirectory + "/PG_VERSION", encoding: .utf8)
        let version = String(file.prefix { !$0.isNewline })
        let installed = try await installation.majorVersion()
        guard version == installed else {
            throw EmbeddedPostgresError.versionMismatch(directory: directory, cluster: version, installed: installed)
        }
    }
}
