import EmbeddedPostgres
import FoundationEssentials
import Glibc
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `When backends are terminated` {
    @Test func `reads are answered, and no write is told wrong`() async throws {
        try await withClient { client in
            try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY)")
            try await withThrowingTaskGroup(of: Written?.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        for number in 0..<100 {
                            let echo = try await client.value(Int.self, "SELECT $1::int8", number)
                            #expect(echo == number)
                        }
                        return nil
                    }
                    group.addTask {
                        var written = Written()
                        for id in (task * 1000)..<(task * 1000 + 100) {
                            let failure = await error { try await client.execute("INSERT INTO t VALUES ($1)", id) }
                            if failure == nil { written.done.append(id) } else { written.unknown.append(id) }
                            #expect(failure == nil || failure?.postgresCode == .outcomeUnknown)
                        }
                        return written
                    }
                }
                group.addTask {
                    try await withClient { assassin in
                        for _ in 0..<5 {
                            try await assassin.terminateBackends()
                            try await until { try await client.value(Int.self, "SELECT 1") == 1 }
                        }
                    }
                    return nil
                }
                var all = Written()
                for try await written in group {
                    all.done += written?.done ?? []
                    all.unknown += written?.unknown ?? []
                }
                let ids = Set(try await client.query("SELECT id FROM t").map { try $0.decode(Int.self) })
                #expect(ids.isSuperset(of: all.done))
                #expect(ids.isSubset(of: all.done + all.unknown))
            }
        }
    }

    private struct Written {
        var done: [Int] = []
        var unknown: [Int] = []
    }

    @Test func `a transaction fails as lost, and the next one works`() async throws {
        try await withClient { client in
            let failure = await error {
                try await client.transaction { transaction in
                    try await transaction.execute("SELECT 1")
                    try await withClient { try await $0.terminateBackends() }
                    try await transaction.execute("SELECT 1")
                }
            }
            #expect(failure?.postgresCode == .connectionLost)
            try await client.expectAlive()
        }
    }

    @Test func `a loss is told before a request learns of it or is sent on another connection`() async throws {
        try await withClient { client in
            let losses = Counter()
            client.whenConnectionIsLost { losses.add(1) }
            try await client.expectAlive()
            #expect(losses.value == 0)
            let failure = await error { try await client.query("SELECT pg_terminate_backend(pg_backend_pid())") }
            #expect(failure?.postgresCode == .connectionLost)
            // A read is tried on a second connection, and that one is lost, too.
            #expect(losses.value >= 2)
            try await client.expectAlive()
        }
    }

    @Test func `a read that takes its backend down does not go on for ever`() async throws {
        try await withClient { client in
            let failure = await error { try await client.query("SELECT pg_terminate_backend(pg_backend_pid())") }
            #expect(failure?.postgresCode == .connectionLost)
            try await client.expectAlive()
        }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct `A server of its own` {
    @Test func `may be stopped and started again under a client`() async throws {
        try await withServer { directory in
            let server = try await EmbeddedPostgres.start(in: directory, settings: ["fsync": "off"])
            let client = PostgresClient(configuration(of: server))
            try await client.expectAlive()
            let listening = client.notifications(on: "news")
            var news = listening.makeAsyncIterator()
            #expect(try await news.next() == .listening)

            try await server.stop()
            async let early = client.value(Int.self, "SELECT 1")
            let again = try await EmbeddedPostgres.start(in: directory, settings: ["fsync": "off"])
            #expect(try await early == 1, "it waits for the server to come back")
            try await client.expectAlive()
            #expect(try await news.next() == .listening)
            await client.close()
            try await again.stop()
        }
    }

    @Test func `that does not come back fails requests in time`() async throws {
        try await withServer { directory in
            let server = try await EmbeddedPostgres.start(in: directory, settings: ["fsync": "off"])
            var configuration = configuration(of: server)
            configuration.connectTimeout = .seconds(3)
            let client = PostgresClient(configuration)
            try await client.expectAlive()
            try await server.stop()
            let codes: [PostgresError.Code?] = await [
                error { try await client.query("SELECT 1") }?.postgresCode,
                error { try await client.transaction { try await $0.query("SELECT 1") } }?.postgresCode,
            ]
            #expect(codes == [.connection, .connection])
            await client.close()
        }
    }

    @Test func `that takes no connection any more is not asked to stop a statement, and nothing breaks`() async throws {
        try await withServer { directory in
            let server = try await EmbeddedPostgres.start(in: directory, settings: ["fsync": "off"])
            let client = PostgresClient(configuration(of: server))
            try await client.expectAlive()
            let task = Task { try await client.withConnection { try await $0.execute("SELECT pg_sleep(10)") } }
            let running: PostgresStatement =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(10)' AND state = 'active'"
            while try await client.value(Int.self, running) == 0 { await Task.yield() }
            #expect(unlink("\(server.socketDirectory)/.s.PGSQL.\(server.port)") == 0)
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
            #expect(try await client.value(Int.self, "SELECT 1") == 1)
            await client.close()
            try await server.stop()
        }
    }

    @Test func `that is away opens the breaker, and closes it when it is back`() async throws {
        try await withServer { directory in
            let server = try await EmbeddedPostgres.start(in: directory, settings: ["fsync": "off"])
            var configuration = configuration(of: server)
            configuration.connectTimeout = .seconds(3600)
            configuration.applicationName = "probing"
            let breaker = PostgresCircuitBreaker(failureThreshold: 2, probeInterval: .milliseconds(300))
            let client = PostgresClient(configuration, pool: PostgresPoolConfiguration(circuitBreaker: breaker))
            try await server.stop()
            let failures = await [
                error { try await client.query("SELECT 1") }, error { try await client.execute("SELECT 1") },
                error { try await client.withConnection { _ in } },
            ]
            for failure in failures {
                #expect(failure?.postgresCode == .connection)
                #expect("\(failure as Any)".contains("the circuit breaker is open"))
                #expect("\(failure as Any)".contains("No such file"))
            }
            let again = try await EmbeddedPostgres.start(in: directory, settings: ["fsync": "off"])
            // Nobody asks this client meanwhile: it finds out by itself.
            let observer = PostgresClient(self.configuration(of: again))
            let count: PostgresStatement = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
            try await until { try await observer.value(Int.self, count, "probing") == 1 }
            await observer.close()
            try await client.expectAlive()
            await client.close()
            try await again.stop()
        }
    }

    @Test func `that is away is the reason why no lease became free`() async throws {
        var configuration = PostgresConfiguration(host: "/tmp/no-such-directory", username: "x", database: "x")
        configuration.connectTimeout = .seconds(3600)
        let pool = PostgresPoolConfiguration(leaseTimeout: .milliseconds(150))
        let client = PostgresClient(configuration, pool: pool)
        let failure = await error { try await client.withConnection { _ in } }
        #expect(failure?.postgresCode == .poolTimeout)
        #expect("\(failure as Any)".contains("the last attempt to connect failed: connection to server on socket"))
        await client.close()
    }

    private func configuration(of server: EmbeddedPostgres) -> PostgresConfiguration {
        PostgresConfiguration(
            host: server.socketDirectory, port: server.port, username: server.username, database: "postgres")
    }

    private func withServer(_ body: (String) async throws -> Void) async throws {
        let directory = "/tmp/libpq-server-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }
}
