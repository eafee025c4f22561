import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `Transactions` {
    private struct Refused: Error {}

    @Test func `commit all their statements`() async throws {
        try await withTable { client in
            let answer = try await client.transaction { transaction in
                for id in 1...3 { try await transaction.execute("INSERT INTO t VALUES ($1)", id) }
                return try await transaction.query("SELECT * FROM t").count
            }
            #expect(answer == 3)
            let rows = try await client.query("SELECT * FROM t")
            #expect(rows.count == 3)
        }
    }

    @Test func `roll back when the body throws, and leave the connection clean`() async throws {
        try await withTable { client in
            for _ in 0..<3 {
                await #expect(throws: Refused.self) {
                    try await client.transaction { transaction in
                        try await transaction.execute("INSERT INTO t VALUES (1)")
                        throw Refused()
                    }
                }
            }
            let rows = try await client.query("SELECT * FROM t")
            #expect(rows.isEmpty)
            try await client.expectAlive()
        }
    }

    @Test func `roll back when a statement fails, even if the body swallows that`() async throws {
        try await withTable { client in
            let failure = await error {
                try await client.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    _ = try? await transaction.execute("INSERT INTO t VALUES (1)")
                }
            }
            #expect(failure?.postgresCode == .rolledBack)
            let rows = try await client.query("SELECT * FROM t")
            #expect(rows.isEmpty)
        }
    }

    @Test func `send nothing if they do nothing`() async throws {
        try await withTable { client in
            let answer = try await client.transaction { _ in 7 }
            #expect(answer == 7)
        }
    }

    @Test(arguments: [
        (PostgresIsolation.readCommitted, "read committed"), (.repeatableRead, "repeatable read"),
        (.serializable, "serializable"),
    ])
    func `have the isolation that was asked for`(isolation: PostgresIsolation, name: String) async throws {
        try await withTable { client in
            let level = try await client.transaction(isolation: isolation) { transaction in
                try await transaction.query("SHOW transaction_isolation")[0].decode(String.self)
            }
            #expect(level == name)
            let failure = await error {
                try await client.transaction(isolation: isolation, isReadOnly: true) {
                    try await $0.execute("INSERT INTO t VALUES (1)")
                }
            }
            #expect((failure as? PostgresError)?.sqlState == .readOnlyTransaction)
        }
    }

    @Test func `that collide fail with an error that says so`() async throws {
        try await withTable { client in
            try await client.execute("INSERT INTO t VALUES (1)")
            let failure =
                await error {
                    try await client.transaction(isolation: .serializable) { transaction in
                        _ = try await transaction.query("SELECT * FROM t")
                        try await client.execute("UPDATE t SET id = 2")
                        try await transaction.execute("UPDATE t SET id = 3")
                    }
                } as? PostgresError
            #expect(failure?.sqlState == .serializationFailure)
            #expect(failure?.isTransient == true)
        }
    }

    @Test func `run scripts of many statements`() async throws {
        try await withTable { client in
            await #expect(throws: Refused.self) {
                try await client.transaction { transaction in
                    try await transaction.script("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);")
                    #expect(try await transaction.query("SELECT * FROM t").count == 2)
                    throw Refused()
                }
            }
            let rows = try await client.query("SELECT * FROM t")
            #expect(rows.isEmpty)
        }
    }

    private func withTable(_ body: (PostgresClient) async throws -> Void) async throws {
        try await withClient { client in
            try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY)")
            try await body(client)
        }
    }
}

@Suite(.database, .timeLimit(.minutes(5)))
struct `A leased connection` {
    private let one = PostgresPoolConfiguration(leasedConnections: 1)

    @Test func `keeps its session while it is lent, and loses it afterwards`() async throws {
        try await withClient(pool: one) { client in
            let first = try await client.withConnection { connection in
                try await connection.execute("SET application_name = 'changed'")
                try await connection.script("CREATE TEMPORARY TABLE mine (id int); SELECT pg_advisory_lock(1)")
                #expect(try await connection.query("SELECT * FROM mine").isEmpty)
                return try await connection.query("SELECT pg_backend_pid()")[0].decode(Int.self)
            }
            try await client.withConnection { connection in
                let row = try await connection.query(
                    """
                    SELECT pg_backend_pid(), current_setting('application_name'), to_regclass('mine')::text,
                        (SELECT count(*) FROM pg_locks JOIN pg_database ON database = pg_database.oid
                         WHERE locktype = 'advisory' AND datname = current_database())
                    """)[0]
                let (process, name, table, locks) = try row.decode(Int.self, String.self, String?.self, Int.self)
                #expect(process == first, "it was cleaned, not closed")
                #expect(name == "LibPQ")
                #expect(table == nil)
                #expect(locks == 0)
            }
        }
    }

    @Test func `that is returned inside a transaction is rolled back`() async throws {
        try await withClient(pool: one) { client in
            try await client.withConnection { connection in
                try await connection.script("BEGIN; CREATE TABLE t (id int)")
            }
            #expect(try await client.value(Bool.self, "SELECT to_regclass('t') IS NULL"))
        }
    }

    @Test func `runs transactions one after the other, whatever becomes of them`() async throws {
        try await withClient(pool: one) { client in
            try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY)")
            try await client.withConnection { connection in
                for id in [1, 1, 2] {
                    _ = try? await connection.transaction { try await $0.execute("INSERT INTO t VALUES ($1)", id) }
                }
                let rows = try await connection.query("SELECT * FROM t")
                #expect(rows.count == 2)
            }
        }
    }

    @Test func `reports the first error of a script, and goes on`() async throws {
        try await withClient(pool: one) { client in
            try await client.withConnection { connection in
                let failure = await error { try await connection.script("SELECT 1; SELECT nothing; SELECT 2") }
                #expect((failure as? PostgresError)?.sqlState == .undefinedColumn)
                try await connection.execute("SELECT 1")
            }
        }
    }

    @Test func `is waited for no longer than the pool allows`() async throws {
        let pool = PostgresPoolConfiguration(leasedConnections: 1, leaseTimeout: .milliseconds(50))
        try await withClient(pool: pool) { client in
            // To connect may itself take longer; from then on there is one.
            try await until { (try? await client.transaction { try await $0.query("SELECT 1") }) != nil }
            try await client.withConnection { _ in
                let failure = await error { try await client.transaction { try await $0.query("SELECT 1") } }
                #expect(failure?.postgresCode == .poolTimeout)
            }
            try await client.expectAlive()
        }
    }

    @Test func `is asked for signs of life without harm to what is under way`() async throws {
        let pool = PostgresPoolConfiguration(leasedConnections: 1, healthCheckInterval: .milliseconds(1))
        try await withClient(pool: pool) { client in
            for _ in 0..<50 {
                try await client.withConnection { connection in
                    try await connection.script("SELECT 1; SELECT pg_sleep(0.002)")
                    try await connection.transaction { transaction in
                        try await transaction.script("SELECT 1; SELECT 2")
                        try await transaction.execute("SELECT pg_sleep(0.002)")
                    }
                }
                try await client.expectAlive()
            }
        }
    }
}
