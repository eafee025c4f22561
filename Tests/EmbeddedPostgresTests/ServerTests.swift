import EmbeddedPostgres
import FoundationEssentials
import Glibc
import ServerProcesses
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `An embedded server` {
    @Test func `keeps its data from one start to the next`() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer(in: directory) { server in
                try await server.psql("CREATE TABLE kept AS SELECT 42 AS answer")
            }
            try await withServer(in: directory) { server in
                try await server.expect("SELECT answer FROM kept", prints: "42")
            }
        }
    }

    @Test func `is UTF-8 with locale C, durable, and without TCP`() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer(in: directory) { server in
                try await server.expect("SHOW server_encoding", prints: "UTF8")
                try await server.expect("SELECT datcollate || datctype FROM pg_database LIMIT 1", prints: "CC")
                try await server.expect("SHOW data_checksums", prints: "on")
                try await server.expect("SHOW fsync", prints: "on")
                try await server.expect("SHOW synchronous_commit", prints: "on")
                try await server.expect("SHOW listen_addresses", prints: "")
            }
        }
    }

    @Test func `lets nobody else near its data or its socket`() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer(in: directory) { server in
                let attributes = try FileManager.default.attributesOfItem(atPath: server.socketDirectory)
                #expect(attributes[.posixPermissions] as? Int == 0o700)
            }
        }
    }

    @Test func `takes settings, but keeps where it listens`() async throws {
        try await withTemporaryDirectory { directory in
            let settings = ["max_connections": "7", "listen_addresses": "*", "port": "1"]
            try await withServer(in: directory, settings: settings) { server in
                try await server.expect("SHOW max_connections", prints: "7")
                try await server.expect("SHOW listen_addresses", prints: "")
                try await server.expect("SHOW port", prints: String(server.port))
            }
        }
    }

    @Test func `refuses a second starter and names the first`() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer(in: directory) { server in
                await #expect(throws: PrivateServerError.inUse(directory: directory, processID: getpid())) {
                    try await EmbeddedPostgres.start(in: directory)
                }
                try await server.expect("SELECT 1", prints: "1")
            }
        }
    }

    @Test func `has a short socket path in a deep directory`() async throws {
        try await withTemporaryDirectory { directory in
            let deep = directory + String(repeating: "/a-long-name", count: 12)
            var paths: [String] = []
            for _ in 1...2 {
                try await withServer(in: deep) { server in
                    try await server.expect("SELECT 1", prints: "1")
                    paths.append(server.socketDirectory)
                }
            }
            #expect(paths[0] == paths[1])
            #expect("\(paths[0])/.s.PGSQL.5432".utf8.count <= 107)
            unlink(paths[0])
        }
    }

    @Test func `says what its log says when it does not start`() async throws {
        try await withTemporaryDirectory { directory in
            let error = await #expect(throws: PrivateServerError.self) {
                try await EmbeddedPostgres.start(in: directory, settings: ["max_connections": "many"])
            }
            guard case .startFailed("PostgreSQL", directory, _, let log) = error else {
                Issue.record("unexpected: \(String(describing: error))")
                return
            }
            #expect(log.contains(#"invalid value for parameter "max_connections": "many""#))
            try await withServer(in: directory) { _ in }
        }
    }

    @Test func `is ended by its stop, and stopping twice is harmless`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await EmbeddedPostgres.start(in: directory)
            try await server.stop()
            #expect(Glibc.kill(server.processID, 0) == -1)
            try await server.stop()
        }
    }

    @Test func `is ended when it is released`() async throws {
        try await withTemporaryDirectory { directory in
            let processID = try await EmbeddedPostgres.start(in: directory).processID
            try await eventually { Glibc.kill(processID, 0) == -1 }
        }
    }
}
