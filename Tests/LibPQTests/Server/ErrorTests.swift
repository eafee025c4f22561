import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `Errors of the server` {
    @Test func `name the constraint that was violated`() async throws {
        try await withClient { client in
            try await client.execute("CREATE TABLE t (id int8 CONSTRAINT t_once PRIMARY KEY)")
            try await client.execute("INSERT INTO t VALUES (1)")
            do {
                try await client.execute("INSERT INTO t VALUES (1)")
                Issue.record("a duplicate was accepted")
            } catch SQLState.uniqueViolation {
                // It matches the pattern.
            }
            let failure = await error { try await client.execute("INSERT INTO t VALUES (1)") } as? PostgresError
            #expect(failure?.constraint == "t_once")
            #expect(failure?.server?.table == "t")
            #expect(failure?.server?.severity == "ERROR")
            #expect(failure?.isTransient == false)
        }
    }

    @Test func `at the commit fail the write whose commit it was`() async throws {
        try await withClient { client in
            try await client.execute("CREATE TABLE t (id int8 CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            try await client.execute("INSERT INTO t VALUES (1)")
            let failure = await error { try await client.execute("INSERT INTO t VALUES (1)") } as? PostgresError
            #expect(failure?.sqlState == .uniqueViolation)
            #expect(failure?.constraint == "once")
            let failed =
                await error {
                    try await client.transaction { try await $0.execute("INSERT INTO t VALUES (1)") }
                } as? PostgresError
            #expect(failed?.sqlState == .uniqueViolation)
            #expect(try await client.query("SELECT * FROM t").count == 1)
        }
    }

    @Test func `do not show parameters`() async throws {
        try await withClient { client in
            let failure = await error { try await client.query("SELECT $1::int8 / 0, $2", 1, "secret") }
            #expect(failure.map { "\($0)" }?.contains("secret") == false)
        }
    }

    @Test func `end a statement that runs too long`() async throws {
        try await withClient {
            $0.statementTimeout = .milliseconds(50)
        } _: { client in
            let failure = await error { try await client.query("SELECT pg_sleep(30)") } as? PostgresError
            #expect(failure?.sqlState == .queryCanceled)
        }
    }

    @Test func `end a transaction in which nothing is done for too long`() async throws {
        try await withClient {
            $0.idleInTransactionTimeout = .milliseconds(50)
        } _: { client in
            let failure = await error {
                try await client.transaction { transaction in
                    _ = try await transaction.query("SELECT 1")
                    try await withClient { observer in
                        try await until {
                            try await observer.value(
                                Int.self,
                                """
                                SELECT count(*) FROM pg_stat_activity
                                WHERE datname = current_database() AND state = 'idle in transaction'
                                """) == 0
                        }
                    }
                    _ = try await transaction.query("SELECT 2")
                }
            }
            #expect((failure as? PostgresError)?.isTransient == true)
        }
    }

    @Test func `are kept from standard error when they are mere notices`() async throws {
        try await withClient { client in
            try await client.execute("DO $$ BEGIN RAISE NOTICE 'not to be seen'; RAISE WARNING 'nor this'; END $$")
        }
    }
}
