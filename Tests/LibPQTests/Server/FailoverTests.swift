import EmbeddedPostgres
import LibPQ
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `Of several servers` {
    @Test func `one that never answers costs its share of the time, and is then avoided`() async throws {
        let silent = SilentServer()
        let cluster = try await TestServer.first.cluster
        var configuration = TestDatabase.administrative(of: cluster).configuration
        configuration.hosts.insert(.init("127.0.0.1", port: silent.port), at: 0)
        configuration.connectTimeout = .seconds(16)
        let client = PostgresClient(configuration)
        let clock = ContinuousClock()
        let first = try await clock.measure { _ = try await client.query("SELECT 1") }
        #expect(first > .seconds(8))
        let others = try await clock.measure { try await client.expectAlive() }
        #expect(others < .seconds(8))
        await client.close()
    }

    @Test func `none that answers is an error that names them all`() async throws {
        let silent = [SilentServer(), SilentServer()]
        let hosts = silent.map { PostgresConfiguration.Host("127.0.0.1", port: $0.port) }
        let configuration = PostgresConfiguration(
            hosts: hosts, username: "app", database: "app", connectTimeout: .milliseconds(400))
        // The request outlasts the attempt, and hears of the next.
        let client = PostgresClient(configuration)
        let early = await error { try await client.query("SELECT 1") }
        let later = await error { try await client.query("SELECT 1") }
        #expect(early?.postgresCode == .connection)
        #expect(later?.postgresCode == .connection)
        for server in silent { #expect("\(later as Any)".contains("no answer from 127.0.0.1, port \(server.port)")) }
        await client.close()
    }

    @Test func `the one that takes writes is found again when the old one comes to refuse them`() async throws {
        try await withTwoServers { old, new in
            var configuration = TestDatabase.administrative(of: old).configuration
            configuration.hosts += TestDatabase.administrative(of: new).configuration.hosts
            configuration.targetSessionAttributes = .readWrite
            let client = PostgresClient(configuration)
            let place: PostgresStatement = "SHOW data_directory"
            for server in [old, new] {
                try await TestDatabase.administrative(of: server).withClient {
                    try await $0.execute("CREATE TABLE t (id int8)")
                }
            }
            try await client.execute("INSERT INTO t VALUES (1)")
            try await client.expectAlive()
            let before = try await client.value(String.self, place)

            try await client.transaction { lent in
                try await lent.execute("INSERT INTO t VALUES (2)")
                try await TestDatabase.administrative(of: old).withClient { outsider in
                    try await outsider.execute("ALTER SYSTEM SET default_transaction_read_only = on")
                    try await outsider.execute("SELECT pg_reload_conf()")
                    try await until {
                        let rows = try await outsider.execute("SHOW default_transaction_read_only")
                        return try rows[0].decode(String.self) == "on"
                    }
                }
                // Every backend reads the settings again in its own time: these go to the one server or the other.
                try await until {
                    try await client.execute("INSERT INTO t VALUES (3)")
                    return try await client.value(String.self, place) != before
                }
            }
            try await client.execute("INSERT INTO t VALUES (4)")
            _ = try await client.transaction { try await $0.execute("INSERT INTO t VALUES (5)") }
            let ids = try await client.query("SELECT id FROM t WHERE id > 3 ORDER BY id").map {
                try $0.decode(Int.self)
            }
            #expect(ids == [4, 5])
            await client.close()
        }
    }

    private func withTwoServers(_ body: (EmbeddedPostgres, EmbeddedPostgres) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let old = try await EmbeddedPostgres.start(in: folder + "/old", settings: ["fsync": "off"])
            let new = try await EmbeddedPostgres.start(in: folder + "/new", settings: ["fsync": "off"])
            try await body(old, new)
            try await old.stop()
            try await new.stop()
        }
    }
}
