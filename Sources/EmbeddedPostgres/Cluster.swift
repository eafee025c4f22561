import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// A directory with a database cluster in it: `cluster` (PostgreSQL's data directory), `postgres.log` and `lock`.
struct Cluster: Sendable {
    /// The absolute path, without symbolic links.
    let directory: String

    /// Makes the directory if it is not there.
    init(directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        guard let path = realpath(directory, nil) else {
            let reason = Errno(rawValue: errno).description
            throw EmbeddedPostgresError.system(operation: "realpath", path: directory, reason: reason)
        }
        defer { free(path) }
        self.directory = String(cString: path)
    }

    /// PostgreSQL's data directory, private to the user that the server runs as.
    var dataDirectory: String { directory + "/cluster" }

    var log: String { directory + "/postgres.log" }

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
        try systemCall("mkdir", unfinished) { mkdir(unfinished, 0o700) }
        if let user {
            try systemCall("chown", unfinished) { chown(unfinished, user.userID, user.groupID) }
        }
        let result = try await run(
            ServerCommand.initialise(unfinished, with: installation, as: user),
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
