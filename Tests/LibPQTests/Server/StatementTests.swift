import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `Statements` {
    @Test func `a query answers with its rows`() async throws {
        try await withClient { client in
            let rows = try await client.query("SELECT $1::int8 + 1, 'x' || $2", 41, "y")
            #expect(rows.count == 1)
            let (number, text) = try rows[0].decode(Int.self, String.self)
            #expect(number == 42)
            #expect(text == "xy")
        }
    }

    @Test func `a write tells how many rows it changed`() async throws {
        try await withClient { client in
            try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY)")
            let rows = try await client.execute("INSERT INTO t SELECT generate_series(1, $1)", 10)
            #expect(rows.affectedRows == 10)
            #expect(rows.isEmpty)
        }
    }

    @Test func `a transaction commits`() async throws {
        try await withClient { client in
            try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY)")
            try await client.transaction { transaction in
                try await transaction.execute("INSERT INTO t VALUES ($1)", 1)
                try await transaction.execute("INSERT INTO t VALUES ($1)", 2)
            }
            #expect(try await client.query("SELECT * FROM t").count == 2)
        }
    }
}
