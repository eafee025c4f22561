import PostgresTesting
import Testing

@testable import LibPQ

struct `A call with arguments by name` {
    private let statement: PostgresStatement = "SELECT :number::int8, :text, :number + :other"

    @Test func `is the same as one by position, in whatever order they come`() throws {
        let expected = statement(7, "x", nil as Int?)
        let other: Int? = nil
        for call in [
            try statement.call(naming: ["number": 7, "text": "x", "other": other]),
            try statement.call(naming: ["other": other, "number": 7, "text": "x"]),
            try statement.call(naming: [("text", "x"), ("other", other), ("number", 7)]),
        ] {
            #expect(call.statement == statement)
            #expect(call.parameters.bytes == expected.parameters.bytes)
            #expect(call.key == expected.key)
        }
    }

    @Test func `has none missing, unknown or there twice`() {
        #expect(message { try statement.call(naming: ["number": 7, "text": "x"]) } == "the argument other is missing")
        #expect(
            message { try statement.call(naming: ["number": 7, "text": "x", "otter": 1]) }
                == "the argument other is missing")
        #expect(
            message { try statement.call(naming: ["number": 7, "text": "x", "other": 1, "otter": 1]) }
                == "there is no argument otter")
        #expect(
            message { try statement.call(naming: ["number": 7, "number": 7, "text": "x", "other": 1]) }
                == "the argument number is there twice")
        let none: PostgresStatement = "SELECT 1"
        #expect(message { try none.call(naming: ["a": 1]) } == "there is no argument a")
    }

    private func message(_ body: () throws -> PostgresCall) -> Substring? {
        #expect(throws: PostgresError.self) { try body() }.flatMap { error in
            #expect(error.code == .arguments)
            return error.message.prefix { $0 != ":" }
        }
    }
}

@Suite(.database, .timeLimit(.minutes(5)))
struct `A call` {
    @Test func `runs wherever a statement does`() async throws {
        try await withClient { client in
            let insert: PostgresStatement = "INSERT INTO t VALUES (:id, :names) RETURNING id"
            let find: PostgresStatement = "SELECT names FROM t WHERE id = :id"
            func row(_ id: Int) throws -> PostgresCall { try insert.call(naming: ["names": ["a", "b"], "id": id]) }

            try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY, names text[])")
            try await client.execute(row(1))
            try await client.transaction { transaction in
                try await transaction.execute(row(2))
                #expect(try await transaction.query(find(2)).count == 1)
            }
            try await client.withConnection { connection in
                try await connection.execute(row(3))
                #expect(try await connection.query(find(3)).count == 1)
            }
            for id in 1...3 {
                let rows = try await client.query(find.call(naming: ["id": id]))
                #expect(try rows.first?.decode([String].self) == ["a", "b"])
            }
        }
    }
}
