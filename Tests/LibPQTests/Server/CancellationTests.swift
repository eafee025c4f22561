import LibPQ
import PostgresTesting
import Testing

private let narrow = PostgresPoolConfiguration(readConnections: 1, writeConnections: 1, leasedConnections: 1)

@Suite(.database, .timeLimit(.minutes(5)))
struct `A cancelled task` {
    @Test func `gets out of a running query at once, and its neighbours are answered`() async throws {
        try await withClient(pool: narrow) { client in
            try await withGate { gate, observer in
                let task = Task { try await client.query(passGate) }
                try await observer.untilRunning("pg_advisory_xact_lock")
                async let neighbour = client.value(Int.self, "SELECT 1")
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                let running = try await observer.backends(running: "pg_advisory_xact_lock")
                #expect(running == 1, "a shared connection is not disturbed")
                try await gate.execute(openGate)
                let answer = try await neighbour
                #expect(answer == 1)
            }
        }
    }

    @Test func `does not send what is still waiting`() async throws {
        try await withClient(pool: narrow) { client in
            try await withGate { gate, observer in
                try await client.execute("CREATE TABLE t (id int8)")
                async let first = client.execute(passGate)
                try await observer.untilRunning("pg_advisory_xact_lock")
                let others = (0..<9).map { id in Task { try await client.execute("INSERT INTO t VALUES ($1)", id) } }
                await client.untilWritesWait(8)
                for other in others { other.cancel() }
                var unknown = 0
                for other in others {
                    let failure = await error { try await other.value }
                    unknown += failure?.postgresCode == .outcomeUnknown ? 1 : 0
                    #expect(failure is CancellationError || failure?.postgresCode == .outcomeUnknown)
                }
                #expect(unknown <= 1, "one more write is sent while one is being worked on")
                try await gate.execute(openGate)
                _ = try await first
                let rows = try await client.query("SELECT * FROM t")
                #expect(rows.count <= unknown)
            }
        }
    }

    @Test func `does not know what has become of a write that was sent`() async throws {
        try await withClient(pool: narrow) { client in
            try await withGate { gate, observer in
                let task = Task { try await client.execute(passGate) }
                try await observer.untilRunning("pg_advisory_xact_lock")
                task.cancel()
                let failure = await error { try await task.value }
                #expect(failure?.postgresCode == .outcomeUnknown)
                try await gate.execute(openGate)
                try await client.expectAlive()
            }
        }
    }

    @Test func `leaves no transaction behind, and nothing running`() async throws {
        try await withClient(pool: narrow) { client in
            try await withClient { observer in
                try await client.execute("CREATE TABLE t (id int8)")
                let task = Task {
                    try await client.transaction { transaction in
                        try await transaction.execute("INSERT INTO t VALUES (1)")
                        try await transaction.execute("SELECT pg_sleep(600)")
                    }
                }
                try await observer.untilRunning("pg_sleep")
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                try await until { try await observer.backends(running: "pg_sleep") == 0 }
                try await client.expectAlive()
                #expect(try await client.query("SELECT * FROM t").isEmpty)
            }
        }
    }

    @Test func `does not commit a transaction whose body had returned`() async throws {
        try await withClient(pool: narrow) { client in
            try await client.execute("CREATE TABLE t (id int8)")
            let task = Task {
                try await client.transaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let rows = try await client.query("SELECT * FROM t")
            #expect(rows.isEmpty)
        }
    }

    @Test func `leaves the line for a connection, in which the others keep their order`() async throws {
        try await withClient(pool: narrow) { client in
            let (order, report) = AsyncStream<Int>.makeStream()
            var tasks: [Task<Void, any Error>] = []
            try await client.withConnection { _ in
                for number in 0..<5 {
                    // The line is joined in the order of the tasks because each says so when it runs.
                    let (started, start) = AsyncStream<Void>.makeStream()
                    tasks.append(
                        Task {
                            start.finish()
                            try await client.transaction { _ in _ = report.yield(number) }
                        })
                    for await _ in started {}
                    await client.untilWaiting(number + 1)
                }
                tasks[2].cancel()
                await #expect(throws: CancellationError.self) { try await tasks[2].value }
            }
            for index in [0, 1, 3, 4] { try await tasks[index].value }
            report.finish()
            #expect(await order.reduce(into: []) { $0.append($1) } == [0, 1, 3, 4])
        }
    }

    @Test func `is not answered twice when cancelling and answering meet`() async throws {
        try await withClient(pool: narrow) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<2000 {
                    group.addTask {
                        let task = Task { try await client.value(Int.self, "SELECT $1::int8", number) }
                        if number % 3 == 0 { await Task.yield() }
                        if number % 2 == 0 { task.cancel() }
                        switch await task.result {
                        case .success(let echo): #expect(echo == number)
                        case .failure(let failure): #expect(failure is CancellationError)
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await client.expectAlive()
        }
    }

    /// A statement that does not end before the gate is opened.
    private let passGate: PostgresStatement = "SELECT pg_advisory_xact_lock(1)"
    private let openGate: PostgresStatement = "SELECT pg_advisory_unlock(1)"

    /// Holds a lock, and passes the connection that holds it and a second client, which can see the waiting sessions.
    private func withGate(
        _ body: (_ gate: borrowing PostgresConnection, _ observer: PostgresClient) async throws -> Void
    ) async throws {
        try await withClient { observer in
            try await observer.withConnection { gate in
                try await gate.execute("SELECT pg_advisory_lock(1)")
                try await body(gate, observer)
            }
        }
    }
}
