package import EmbeddedPostgres
import FoundationEssentials
import Glibc

/// A PostgreSQL server of this test process, started by the first test that needs it. It ends with the process.
package struct TestServer: Sendable {
    /// The one that most tests use.
    package static let first = TestServer("1")
    /// For tests that need two servers.
    package static let second = TestServer("2")

    private let starting: Task<EmbeddedPostgres, any Error>

    private init(_ name: String) {
        starting = Task {
            atexit { try? FileManager.default.removeItem(atPath: TestServer.directory) }
            return try await EmbeddedPostgres.start(
                in: "\(Self.directory)/\(name)",
                settings: ["fsync": "off", "max_connections": "300", "deadlock_timeout": "100ms"])
        }
    }

    package var cluster: EmbeddedPostgres {
        get async throws { try await starting.value }
    }

    private static let directory = FileManager.default.temporaryDirectory.appending(path: "pg-tests-\(getpid())").path
}

/// Runs `body` with a new folder under the temporary one, removed afterwards.
package func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pg-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
