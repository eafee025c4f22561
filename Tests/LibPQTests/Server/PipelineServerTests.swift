import LibPQ
import PostgresTesting
import Testing

/// One connection of each kind, so that everything meets on it.
private let narrow = PostgresPoolConfiguration(readConnections: 1, writeConnections: 1, leasedConnections: 1)

@Suite(.database, .timeLimit(.minutes(5)))
struct `Tasks that share a connection` {
    @Test func `each get the answer to their own query`() async throws {
        try await withClient(pool: narrow) { client in
            try await withThrowingTaskGroup { group in
                for number in 0..<1000 {
                    group.addTask {
                        let echo = try await client.value(Int.self, "SELECT $1::int8", number)
                        #expect(echo == number)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `are not disturbed by those whose queries fail`() async throws {
        try await withClient(pool: narrow) { client in
            try await withThrowingTaskGroup { group in
                for number in 0..<500 {
                    group.addTask {
                        let isGood = number % 7 != 0
                        let failure = await error {
                            let answer = try await client.value(Int.self, "SELECT 100 / $1::int8", isGood ? number : 0)
                            #expect(answer == 100 / number)
                        }
                        #expect((failure as? PostgresError)?.sqlState == (isGood ? nil : .divisionByZero))
                    }
                    group.addTask {
                        guard number % 50 == 0 else { return }
                        let failure = await error { try await client.query("SELECT wrong syntax here") }
                        #expect((failure as? PostgresError)?.code != nil)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `cannot leave it in a transaction`() async throws {
        try await withClient(pool: narrow) { client in
            let failure = await error { try await client.execute("BEGIN") }
            #expect(failure?.postgresCode == .unsupported)
            try await client.execute("CREATE TABLE t (id int8)")
            #expect(try await client.query("SELECT * FROM t").isEmpty, "another connection sees it")
        }
    }

    @Test func `cannot copy on it`() async throws {
        try await withClient(pool: narrow) { client in
            let failure = await error { try await client.query("COPY (SELECT 1) TO STDOUT") }
            #expect(failure?.postgresCode == .unsupported)
            try await client.expectAlive()
        }
    }

    @Test func `cannot write in a query, which may be sent twice`() async throws {
        try await withClient(pool: narrow) { client in
            try await client.execute("CREATE TABLE t (id int8)")
            let failure = await error { try await client.query("INSERT INTO t VALUES (1)") }
            #expect((failure as? PostgresError)?.sqlState == .readOnlyTransaction)
        }
    }

    @Test func `may send and receive much at once`() async throws {
        try await withClient(pool: narrow) { client in
            let megabyte = [UInt8](repeating: 7, count: 1 << 20)
            try await withThrowingTaskGroup { group in
                for length in 0..<64 {
                    group.addTask {
                        let sent = Array(megabyte.dropLast(length))
                        let echo = try await client.value([UInt8].self, "SELECT $1::bytea", sent)
                        #expect(echo.count == sent.count)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `are refused when too many wait`() async throws {
        let pool = PostgresPoolConfiguration(readConnections: 1, waitingRequests: 10)
        try await withClient(pool: pool) { client in
            try await withThrowingTaskGroup(of: PostgresError.Code?.self) { group in
                for _ in 0..<300 { group.addTask { await error { try await client.query("SELECT 1") }?.postgresCode } }
                var refused = 0
                for try await code in group where code != nil {
                    #expect(code == .overloaded)
                    refused += 1
                }
                #expect(refused > 0)
            }
            try await client.expectAlive()
        }
    }
}

@Suite(.database, .timeLimit(.minutes(5)))
struct `Prepared statements` {
    @Test func `survive that a table changes its columns`() async throws {
        try await withClient(pool: narrow) { client in
            try await client.execute("CREATE TABLE t AS SELECT 1::int8 AS id")
            let read: PostgresStatement = "SELECT * FROM t"
            let write: PostgresStatement = "INSERT INTO t (id) VALUES (2) RETURNING *"
            #expect(try await client.query(read)[0].count == 1)
            #expect(try await client.execute(write)[0].count == 1)
            try await client.execute("ALTER TABLE t ADD COLUMN name text")
            #expect(try await client.query(read)[0].count == 2)
            #expect(try await client.execute(write)[0].count == 2)
        }
    }

    @Test func `survive that the server forgets them`() async throws {
        try await withClient(pool: narrow) { client in
            let statement: PostgresStatement = "SELECT 1"
            for _ in 0..<2 { #expect(try await client.value(Int.self, statement) == 1) }
            _ = try await client.query("DEALLOCATE ALL")
            for _ in 0..<2 { #expect(try await client.value(Int.self, statement) == 1) }

            try await client.execute(statement)
            try await client.execute("DEALLOCATE ALL")
            #expect(try await client.execute(statement).count == 1)
        }
    }

    @Test func `may be used with parameters of different types`() async throws {
        try await withClient(pool: narrow) { client in
            let statement: PostgresStatement = "SELECT pg_typeof($1)::text"
            let types = try await [
                client.value(String.self, statement, 1), client.value(String.self, statement, "x"),
                client.value(String.self, statement, 2),
            ]
            #expect(types == ["bigint", "text", "bigint"])
        }
    }

    @Test func `do not pile up on the server`() async throws {
        try await withClient(pool: narrow) { client in
            for number in 0..<600 { _ = try await client.query(PostgresStatement("SELECT \(number)")) }
            #expect(try await client.value(Int.self, "SELECT count(*) FROM pg_prepared_statements") <= 513)
        }
    }
}
