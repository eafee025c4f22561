import EmbeddedPostgres
import FoundationEssentials
import Glibc
import Synchronization

/// A cluster that is killed and started again within a test.
final class LentCluster: Sendable {
    private let state: Mutex<EmbeddedPostgres>

    init(_ cluster: EmbeddedPostgres) { state = Mutex(cluster) }

    var running: EmbeddedPostgres { state.withLock { $0 } }

    /// Kills the server and starts it again in the same place.
    func crash() async throws {
        let killed = running
        killed.kill()
        let next = try await EmbeddedPostgres.start(in: killed.directory)
        state.withLock { $0 = next }
        try await killed.stop()
    }
}

extension EmbeddedPostgres {
    /// The server's processes that serve a client of a database.
    func backends(of database: String) throws -> [pid_t] {
        try String(contentsOfFile: "/proc/\(processID)/task/\(processID)/children", encoding: .utf8)
            .split(separator: " ").compactMap { pid_t($0) }
            .filter { child in
                let title = try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)
                return title?.contains(" \(database) ") == true
            }
    }
}
