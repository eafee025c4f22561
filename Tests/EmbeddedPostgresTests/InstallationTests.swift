import FoundationEssentials
import Testing

@testable import EmbeddedPostgres

@Suite(.timeLimit(.minutes(5)))
struct `The installation` {
    @Test func `on PATH comes first`() async throws {
        try await withTemporaryDirectory { directory in
            try install(in: directory + "/programs")
            try install(in: directory + "/versions/15/bin")
            let found = try PostgresInstallation.find(
                environment: ["PATH": "/nowhere:\(directory)/programs"],
                versionedDirectory: directory + "/versions"
            )
            #expect(found.postgres == directory + "/programs/postgres")
        }
    }

    @Test func `of the newest version comes next`() async throws {
        try await withTemporaryDirectory { directory in
            for version in ["9.6", "15", "17", "8"] { try install(in: "\(directory)/\(version)/bin") }
            try FileManager.default.createDirectory(atPath: directory + "/18/bin", withIntermediateDirectories: true)
            let found = try PostgresInstallation.find(environment: [:], versionedDirectory: directory)
            #expect(found.initdb == directory + "/17/bin/initdb")
        }
    }

    @Test func `that is missing is an error that says what to install`() throws {
        let error = #expect(throws: EmbeddedPostgresError.notInstalled) {
            try PostgresInstallation.find(environment: ["PATH": "/nowhere"], versionedDirectory: "/nowhere")
        }
        #expect(error?.description.contains("apt-get install postgresql") == true)
        #expect(error?.description.contains("dnf install postgresql-server") == true)
    }

    @Test func `may be wrapper scripts`() async throws {
        try await withTemporaryDirectory { directory in
            let real = try PostgresInstallation.find()
            try FileManager.default.createDirectory(atPath: directory + "/bin", withIntermediateDirectories: true)
            try writeScript("\(real.initdb) \"$@\"", to: directory + "/bin/initdb")
            try writeScript("\(real.postgres) \"$@\"", to: directory + "/bin/postgres")
            let wrapped = try #require(PostgresInstallation(binaries: directory + "/bin"))
            for _ in 1...2 {
                try await withServer(in: directory + "/cluster", installation: wrapped) { server in
                    try await server.expect("SELECT 1", prints: "1")
                }
            }
        }
    }

    @Test func `that is something else is refused`() async throws {
        try await withTemporaryDirectory { directory in
            try install(in: directory)
            let installation = try #require(PostgresInstallation(binaries: directory))
            await #expect(throws: EmbeddedPostgresError.unusable(program: installation.postgres)) {
                try await installation.majorVersion()
            }
        }
    }

    private func install(in directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try writeScript("exit 1", to: directory + "/initdb")
        try writeScript("exit 1", to: directory + "/postgres")
    }
}
