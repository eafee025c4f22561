import Glibc
import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `When the time of a request is over` {
    private let narrow = PostgresPoolConfiguration(readConnections: 1, writeConnections: 1, leasedConnections: 1)
    private let short = Duration.milliseconds(200)

    @Test func `a read fails as such, and its neighbours are answered over another connection`() async throws {
        try await withClient(pool: narrow) { client in
            async let late = error { try await client.query("SELECT pg_sleep(100)", timeout: short) }
            try await withClient { try await $0.untilRunning("pg_sleep") }
            #expect(try await client.value(Int.self, "SELECT 1") == 1)
            let failure = await late as? PostgresError
            #expect(failure?.code == .timeout)
            #expect(failure?.isTransient == true)
            try await client.expectAlive()
            try await withClient { observer in
                try await until { try await observer.backends(running: "pg_sleep") == 0 }
            }
        }
    }

    @Test func `a write that was sent is unknown, and one behind it is not`() async throws {
        try await withClient(pool: narrow) { client in
            try await client.execute("CREATE TABLE t (id int8)")
            async let late = error { try await client.execute("SELECT pg_sleep(1)", timeout: short) }
            try await withClient { try await $0.untilRunning("pg_sleep") }
            try await client.execute("INSERT INTO t VALUES (1)")
            #expect(await late?.postgresCode == .outcomeUnknown)
            #expect(try await client.value(Int.self, "SELECT count(*) FROM t") == 1)
            try await client.expectAlive()
        }
    }

    @Test func `a write that was not sent has not happened`() async throws {
        try await withClient(pool: narrow) { client in
            try await client.execute("CREATE TABLE t (id int8)")
            try await withThrowingTaskGroup { group in
                // Two are sent and two wait. Whether the first are on their way yet or not, the write has two before it.
                for _ in 0..<4 { group.addTask { try await client.execute("SELECT pg_sleep(0.5)") } }
                await client.untilWritesWait(2)
                let failure = await error { try await client.execute("INSERT INTO t VALUES (1)", timeout: short) }
                #expect(failure?.postgresCode == .timeout)
                try await group.waitForAll()
            }
            #expect(try await client.value(Int.self, "SELECT count(*) FROM t") == 0)
        }
    }

    @Test func `a transaction is rolled back, and the next one works`() async throws {
        try await withClient(pool: narrow) {
            $0.leasedRequestTimeout = short
        } _: { client in
            try await client.execute("CREATE TABLE t (id int8)")
            let failure = await error {
                try await client.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)", timeout: .seconds(60))
                    try await transaction.execute("SELECT pg_sleep(100)")
                }
            }
            #expect(failure?.postgresCode == .timeout)
            let scripted = await error { try await client.withConnection { try await $0.script("SELECT pg_sleep(9)") } }
            #expect(scripted?.postgresCode == .outcomeUnknown)
            try await client.expectAlive()
            #expect(try await client.value(Int.self, "SELECT count(*) FROM t") == 0)
        }
    }

    @Test func `the connection to a backend that hangs is given up`() async throws {
        try await withClient(pool: narrow) {
            $0.requestTimeout = short
        } _: { client in
            let reader = try await client.value(Int32.self, "SELECT pg_backend_pid()")
            let writer = try await client.execute("SELECT pg_backend_pid()")[0].decode(Int32.self)
            kill(reader, SIGSTOP)
            kill(writer, SIGSTOP)
            defer {
                kill(reader, SIGCONT)
                kill(writer, SIGCONT)
            }
            async let read = error { try await client.query("SELECT 1") }
            async let write = error { try await client.execute("SELECT 1") }
            #expect(await read?.postgresCode == .timeout)
            #expect(await write?.postgresCode == .outcomeUnknown)
            // As long as the machine is not too busy to be that quick.
            try await until { await error { try await client.expectAlive() } == nil }
            #expect(try await client.value(Int32.self, "SELECT pg_backend_pid()") != reader)
        }
    }

    @Test func `giving a connection back does not wait for a backend that hangs`() async throws {
        try await withClient(pool: narrow) {
            $0.connectTimeout = .seconds(2)
        } _: { client in
            let backend = try await client.withConnection { connection in
                let backend = try await connection.query("SELECT pg_backend_pid()")[0].decode(Int32.self)
                kill(backend, SIGSTOP)
                return backend
            }
            kill(backend, SIGCONT)
            try await client.expectAlive()
        }
    }
}
