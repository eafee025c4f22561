import LibPQ
import PostgresTesting
import Testing

private let narrow = PostgresPoolConfiguration(readConnections: 1, writeConnections: 1, leasedConnections: 1)

@Suite(.database, .timeLimit(.minutes(5)))
struct `Statements that travel together` {
    @Test func `are committed together, and answered in their order`() async throws {
        try await withTable { client in
            let rows = try await client.execute(
                atomically: [insert(1), insert(2), call("SELECT count(*) FROM t"), call("UPDATE t SET id = id + 10")])
            #expect(rows.map(\.affectedRows) == [1, 1, 1, 2])
            #expect(try rows[2][0].decode(Int.self) == 2, "each sees what those before it did")
            #expect(try await ids(client) == [11, 12])
        }
    }

    @Test func `are one transaction of the server`() async throws {
        try await withTable { client in
            let id: PostgresStatement = "SELECT pg_current_xact_id()::text"
            let rows = try await client.execute(atomically: [id(), insert(1), id()])
            #expect(try rows[0][0].decode(String.self) == rows[2][0].decode(String.self))
        }
    }

    @Test(arguments: 0..<3) func `are all undone when one fails, whichever it is`(index: Int) async throws {
        try await withTable { client in
            try await client.execute(insert(0))
            let calls = (1...3).map { insert($0 == index + 1 ? 0 : $0) }
            let failure = await error { try await client.execute(atomically: calls) } as? PostgresError
            #expect(failure?.sqlState == .uniqueViolation)
            #expect(failure?.statementIndex == index)
            #expect(try await ids(client) == [0])
            try await client.execute(atomically: [insert(1), insert(2)])
            #expect(try await ids(client) == [0, 1, 2])
        }
    }

    @Test(arguments: 0..<3) func `are all undone when the server cannot even read one`(index: Int) async throws {
        try await withTable { client in
            for _ in 0..<2 {
                var calls = (1...3).map { PostgresStatement("INSERT INTO t VALUES (\($0), $1)")(0) }
                calls[index] = call("INSRT INTO t VALUES (1)")
                let failure = await error { try await client.execute(atomically: calls) } as? PostgresError
                #expect(failure?.sqlState == .syntaxError)
                #expect(failure?.statementIndex == index)
            }
            let rows = try await ids(client)
            #expect(rows == [])
        }
    }

    @Test func `are all undone when a deferred constraint fails at the commit`() async throws {
        try await withTable { client in
            try await client.execute(
                "CREATE TABLE child (id int8, CONSTRAINT parent FOREIGN KEY (id) REFERENCES t INITIALLY DEFERRED)")
            let child: PostgresStatement = "INSERT INTO child VALUES ($1)"
            try await client.execute(atomically: [child(1), insert(1)])
            let failure =
                await error { try await client.execute(atomically: [insert(2), child(3)]) } as? PostgresError
            #expect(failure?.sqlState == .foreignKeyViolation)
            #expect(failure?.constraint == "parent")
            #expect(failure?.statementIndex == nil)
            #expect(try await ids(client) == [1])
        }
    }

    @Test func `may be none, or one`() async throws {
        try await withTable { client in
            let none = try await client.execute(atomically: [])
            let one = try await client.execute(atomically: [insert(1)])
            #expect(none.isEmpty)
            #expect(one.map(\.affectedRows) == [1])
        }
    }

    @Test(arguments: ["BEGIN", "commit", " -- so\n /* what */ END", "Rollback", "COPY t TO STDOUT"])
    func `cannot control transactions or copy`(sql: String) async throws {
        try await withTable { client in
            let calls = [insert(1), call(sql), insert(2)]
            let failure = await error { try await client.execute(atomically: calls) } as? PostgresError
            #expect(failure?.code == .unsupported)
            #expect(failure?.statementIndex == 1)
            let rows = try await ids(client)
            #expect(rows == [])
        }
    }

    @Test func `survive that a table changes its columns, and that the server forgets them`() async throws {
        try await withTable { client in
            let calls = [insert(1), call("SELECT * FROM t"), call("DELETE FROM t")]
            #expect(try await client.execute(atomically: calls)[1][0].count == 2)
            try await client.execute("ALTER TABLE t ADD COLUMN other text")
            #expect(try await client.execute(atomically: calls)[1][0].count == 3)
            try await client.execute("DEALLOCATE ALL")
            #expect(try await client.execute(atomically: calls)[1][0].count == 3)
        }
    }

    @Test func `may send and receive much at once`() async throws {
        try await withTable { client in
            let megabyte = [UInt8](repeating: 7, count: 1 << 20)
            let echo: PostgresStatement = "SELECT $1::bytea"
            let rows = try await client.execute(atomically: (0..<32).map { echo(Array(megabyte.dropLast($0))) })
            let counts = try rows.map { try $0[0].decode([UInt8].self).count }
            #expect(counts == (0..<32).map { megabyte.count - $0 })
        }
    }
}

@Suite(.database, .timeLimit(.minutes(5)))
struct `The neighbours of statements that travel together` {
    @Test func `are answered as if they were alone, whatever becomes of those`() async throws {
        try await withTable { client in
            try await withThrowingTaskGroup { group in
                for number in 1...200 {
                    group.addTask {
                        // Every third fails, at its second statement; some of the statements are new to the connection.
                        let fails = number % 3 == 0
                        let last = PostgresStatement("SELECT \(number % 17)")
                        let calls = [insert(number), insert(fails ? number : -number), last()]
                        let failure = await error { try await client.execute(atomically: calls) } as? PostgresError
                        #expect(failure?.sqlState == (fails ? .uniqueViolation : nil))
                        #expect(failure?.statementIndex == (fails ? 1 : nil))
                    }
                    group.addTask { try await client.execute(insert(1000 + number)) }
                    group.addTask {
                        let echo = try await client.value(Int.self, "SELECT $1::int8", number)
                        #expect(echo == number)
                    }
                }
                try await group.waitForAll()
            }
            let numbers = (1...200).filter { $0 % 3 != 0 }
            let rows = try await ids(client)
            #expect(rows == (numbers + numbers.map { -$0 } + (1001...1200)).sorted())
        }
    }
}

@Suite(.database, .timeLimit(.minutes(5)))
struct `Statements that travel together and end early` {
    private let passGate: PostgresStatement = "SELECT pg_advisory_xact_lock(1)"
    private let untilWaiting: PostgresStatement =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    @Test func `are unknown when their connection is lost, and the next ones work`() async throws {
        try await withTable { client in
            try await withGate { observer in
                async let lost = error { try await client.execute(atomically: [insert(1), passGate(), insert(2)]) }
                try await until { try await observer.value(Int.self, untilWaiting) == 1 }
                try await observer.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE wait_event_type = 'Lock' AND datname = current_database()
                    """)
                #expect(await lost?.postgresCode == .outcomeUnknown)
            }
            let rows = try await ids(client)
            #expect(rows == [])
            try await client.execute(atomically: [insert(1), insert(2)])
            #expect(try await ids(client) == [1, 2])
        }
    }

    @Test func `are unknown when their task is cancelled, and run on`() async throws {
        try await withTable { client in
            try await withGate { observer in
                let task = Task { try await client.execute(atomically: [insert(1), passGate(), insert(2)]) }
                try await until { try await observer.value(Int.self, untilWaiting) == 1 }
                task.cancel()
                let failure = await error { try await task.value }
                #expect(failure?.postgresCode == .outcomeUnknown)
            }
            // The write that follows on the same connection is answered after them.
            try await client.execute(insert(3))
            #expect(try await ids(client) == [1, 2, 3])
        }
    }

    @Test func `are not sent if their task is cancelled before`() async throws {
        try await withTable { client in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.execute(atomically: [insert(1), insert(2)])
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let rows = try await ids(client)
            #expect(rows == [])
        }
    }

    @Test func `are waited for in spite of that where it is asked for`() async throws {
        try await withTable { client in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.executeUninterrupted(atomically: [insert(1), insert(2)]).count
            }
            let count = try await task.value
            #expect(count == 2)
            let rows = try await ids(client)
            #expect(rows == [1, 2])
        }
    }

    @Test func `are unknown when their time is over`() async throws {
        try await withTable { client in
            try await withGate { observer in
                let failure = await error {
                    try await client.execute(
                        atomically: [insert(1), passGate(), insert(2)], timeout: .milliseconds(200))
                }
                #expect(failure?.postgresCode == .outcomeUnknown)
            }
            try await client.expectAlive()
        }
    }

    /// Holds the lock that ``passGate`` waits for while `body` runs with a client of its own.
    private func withGate(_ body: (PostgresClient) async throws -> Void) async throws {
        try await withClient { observer in
            try await observer.withConnection { gate in
                try await gate.execute("SELECT pg_advisory_lock(1)")
                try await body(observer)
            }
        }
    }
}

private func insert(_ id: Int) -> PostgresCall { insertStatement(id) }

private func call(_ sql: String) -> PostgresCall { PostgresStatement(sql)() }

private let insertStatement: PostgresStatement = "INSERT INTO t (id) VALUES ($1)"

private func ids(_ client: PostgresClient) async throws -> [Int] {
    try await client.query("SELECT id FROM t ORDER BY id").map { try $0.decode(Int.self) }
}

private func withTable(_ body: (PostgresClient) async throws -> Void) async throws {
    try await withClient(pool: narrow) { client in
        try await client.execute("CREATE TABLE t (id int8 PRIMARY KEY, number int8)")
        try await body(client)
    }
}
