import FoundationEssentials
import Glibc
import ServerProcesses
import Subprocess
import Testing

@testable import EmbeddedPostgres

@Suite(.timeLimit(.minutes(5)))
struct `After a crash` {
    @Test func `of the server, the next start recovers what was committed`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedPostgres.start(in: directory)
            try await server.psql("CREATE TABLE kept AS SELECT 42 AS answer")
            server.kill()
            try await withServer(in: directory) { server in
                try await server.expect("SELECT answer FROM kept", prints: "42")
            }
            try await server.stop()
        }
    }

    @Test func `of the program, its server ends by itself`() async throws {
        try await withTemporaryDirectory { directory in
            await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String] in
                let server = try await EmbeddedPostgres.start(in: directory)
                try await server.psql("CREATE TABLE kept AS SELECT 42 AS answer")
                Glibc.kill(getpid(), SIGKILL)
            }
            let cluster = try Cluster(directory: directory)
            try await eventually { cluster.folder.processes().isEmpty }
            #expect(PostmasterFile(path: cluster.postmasterFile) == nil, "it was shut down in good order")
        }
    }

    @Test func `of the program, the next start takes over from its server at once`() async throws {
        try await withTemporaryDirectory { directory in
            await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String] in
                let server = try await EmbeddedPostgres.start(in: directory)
                try await server.psql("CREATE TABLE kept AS SELECT 42 AS answer")
                Glibc.kill(getpid(), SIGKILL)
            }
            try await withServer(in: directory) { server in
                try await server.expect("SELECT answer FROM kept", prints: "42")
            }
        }
    }

    @Test func `that nobody supervises the server any more, the next start ends it`() async throws {
        try await withTemporaryDirectory { directory in
            let cluster = try Cluster(directory: directory)
            let server = try await EmbeddedPostgres.start(in: directory)
            try await server.psql("CREATE TABLE kept AS SELECT 42 AS answer")
            // The shells between the program and its server are gone, and the lock with the program.
            let orphan = server.processID
            for process in try supervisors(of: orphan) { Glibc.kill(process, SIGKILL) }
            try await server.stop()
            #expect(cluster.folder.processes().contains(orphan))
            try await withServer(in: directory) { server in
                #expect(server.processID != orphan)
                try await server.expect("SELECT answer FROM kept", prints: "42")
            }
            #expect(!cluster.folder.processes().contains(orphan))
        }
    }

    @Test func `a process id in use by something else does not stand in the way`() async throws {
        try await withTemporaryDirectory { directory in
            let cluster = try Cluster(directory: directory)
            let server = try await EmbeddedPostgres.start(in: directory)
            try await server.psql("CREATE TABLE kept AS SELECT 42 AS answer")
            server.kill()
            try await eventually { cluster.folder.processes().isEmpty }
            // As after a restart of a container, where numbers start over: the files name a living process.
            for path in [cluster.postmasterFile, cluster.socketLockFile] {
                let file = try String(contentsOfFile: path, encoding: .utf8)
                let stale = file.replacing(String(server.processID), with: String(getpid()), maxReplacements: 1)
                try #require(stale.hasPrefix("\(getpid())\n"))
                try stale.write(toFile: path, atomically: false, encoding: .utf8)
            }
            try await withServer(in: directory) { server in
                try await server.expect("SELECT answer FROM kept", prints: "42")
            }
        }
    }

    /// The processes of the server's session that are not the server itself.
    private func supervisors(of server: pid_t) throws -> [pid_t] {
        let session = getsid(server)
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
            .filter { $0 != server && getsid($0) == session }
    }
}
