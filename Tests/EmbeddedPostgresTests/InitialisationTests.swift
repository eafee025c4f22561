import EmbeddedPostgres
import FoundationEssentials
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `Initialisation` {
    @Test func `that was interrupted is done again`() async throws {
        try await withTemporaryDirectory { directory in
            let real = try PostgresInstallation.find()
            let programs = directory + "/programs"
            try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
            // Like a kill in the middle: most of the files are there, and no success.
            try writeScript("\(real.initdb) \"$@\"; kill -9 $$", to: programs + "/initdb")
            try writeScript("exec \(real.postgres) \"$@\"", to: programs + "/postgres")
            let interrupted = try #require(PostgresInstallation(binaries: programs))

            let cluster = directory + "/cluster"
            let error = await #expect(throws: EmbeddedPostgresError.self) {
                try await EmbeddedPostgres.start(in: cluster, installation: interrupted)
            }
            guard case .initialisationFailed = error else {
                Issue.record("unexpected: \(String(describing: error))")
                return
            }
            #expect(try unfinished(in: cluster).count == 1)
            try await withServer(in: cluster) { server in
                try await server.expect("SELECT 1", prints: "1")
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: cluster).allSatisfy { !$0.hasPrefix("initdb.") })
        }
    }

    @Test func `by another major version is refused, naming both`() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer(in: directory) { _ in }
            try "9.6\n".write(toFile: directory + "/cluster/PG_VERSION", atomically: false, encoding: .utf8)
            let error = await #expect(throws: EmbeddedPostgresError.self) {
                try await EmbeddedPostgres.start(in: directory)
            }
            guard case .versionMismatch(directory, cluster: "9.6", let installed) = error else {
                Issue.record("unexpected: \(String(describing: error))")
                return
            }
            #expect(error?.description.contains("installed is PostgreSQL \(installed)") == true)
        }
    }

    private func unfinished(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("initdb.") }
    }
}
