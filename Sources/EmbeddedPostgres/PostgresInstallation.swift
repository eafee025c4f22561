public import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// The server programs of a PostgreSQL installation.
public struct PostgresInstallation: Sendable, Hashable {
    /// Absolute path of `initdb`.
    public let initdb: String
    /// Absolute path of `postgres`.
    public let postgres: String

    /// The installation in a directory that holds `initdb` and `postgres`; nil when one of them is not there.
    public init?(binaries directory: String) {
        self.initdb = directory + "/initdb"
        self.postgres = directory + "/postgres"
        guard access(initdb, X_OK) == 0, access(postgres, X_OK) == 0 else { return nil }
    }

    /// The absolute path of another program of the installation, such as `psql`; nil when it is not there.
    ///
    /// It lies beside `postgres`, or beside what `postgres` is a link to.
    package func program(_ name: String) -> String? {
        [postgres, (try? FileManager.default.destinationOfSymbolicLink(atPath: postgres)) ?? postgres]
            .map { $0.dropLast("postgres".count) + name }
            .first { access($0, X_OK) == 0 }
    }

    /// The first installation on `PATH`, else the newest one below `/usr/lib/postgresql`, where Debian keeps its
    /// server programs without linking them into a directory of `PATH`.
    ///
    /// - Throws: ``EmbeddedPostgresError/notInstalled`` when there is none.
    public static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> PostgresInstallation {
        try find(environment: environment, versionedDirectory: "/usr/lib/postgresql")
    }

    static func find(environment: [String: String], versionedDirectory: String) throws -> PostgresInstallation {
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: versionedDirectory)) ?? []
        let newestFirst = versions.sorted { (Double($0) ?? 0) > (Double($1) ?? 0) }
        let candidates = path + newestFirst.map { "\(versionedDirectory)/\($0)/bin" }
        guard let found = candidates.lazy.compactMap(PostgresInstallation.init(binaries:)).first else {
            throw EmbeddedPostgresError.notInstalled
        }
        return found
    }

    /// The major version that `postgres --version` reports, such as `15`.
    ///
    /// Asked of the program and not derived from its path, since the entry in `PATH` may be a link or a wrapper script.
    func majorVersion() async throws -> String {
        let result = try await run(
            .path(FilePath(postgres)),
            arguments: ["--version"],
            output: .string(limit: 1024),
            error: .discarded
        )
        try Task.checkCancellation()
        let words = result.standardOutput.split(whereSeparator: \.isWhitespace)
        guard let version = words.first(where: { $0.first?.isNumber == true }) else {
            throw EmbeddedPostgresError.unusable(program: postgres)
        }
        return String(version.prefix(while: \.isNumber))
    }
}
