/// Why a private PostgreSQL server could not be made or used; what is not particular to PostgreSQL is a
/// `PrivateServerError`.
public enum EmbeddedPostgresError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No directory of `PATH` and none below `/usr/lib/postgresql` holds `initdb` and `postgres`.
    case notInstalled
    /// The program does not answer `--version` as PostgreSQL's does.
    case unusable(program: String)
    /// There is no cluster in the directory.
    case noCluster(directory: String)
    /// The cluster was made by another major version than the installed one.
    case versionMismatch(directory: String, cluster: String, installed: String)
    /// `initdb` failed; what it printed.
    case initialisationFailed(directory: String, output: String)

    /// What went wrong, and what to do.
    public var description: String {
        switch self {
        case .notInstalled:
            """
            No PostgreSQL server programs (initdb, postgres) in PATH or below /usr/lib/postgresql. Install them: \
            `apt-get install postgresql` on Debian and Ubuntu, `dnf install postgresql-server` on Fedora.
            """
        case .unusable(let program):
            "\(program) does not answer --version as a PostgreSQL server does."
        case .noCluster(let directory):
            "There is no private PostgreSQL cluster in \(directory)."
        case .versionMismatch(let directory, let cluster, let installed):
            """
            \(directory) was made by PostgreSQL \(cluster), installed is PostgreSQL \(installed). Install \
            PostgreSQL \(cluster), bring the data over with pg_upgrade, or remove the directory to begin anew.
            """
        case .initialisationFailed(let directory, let output):
            "initdb failed in \(directory):\n\(output)"
        }
    }
}
