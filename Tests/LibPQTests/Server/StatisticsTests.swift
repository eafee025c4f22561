import LibPQ
import PostgresTesting
import Testing

private let narrow = PostgresPoolConfiguration(readConnections: 1, writeConnections: 1, leasedConnections: 1)

@Suite(.database, .timeLimit(.minutes(5)))
struct `The statistics of a client` {
    private let one: PostgresStatement = "SELECT 1"

    @Test func `count what each kind of request costs`() async throws {
        try await withClient(pool: narrow) { client in
            try await expect(client, trips: 1, statements: 1, transactions: 1) { _ = try await client.query(one) }
            try await expect(client, trips: 1, statements: 1, transactions: 1) { try await client.execute(one) }
            try await expect(client, trips: 1, statements: 3, transactions: 1) {
                try await client.execute(atomically: [one(), one(), one()])
            }
            try await expect(client, trips: 3, statements: 4, transactions: 1) {
                try await client.transaction { transaction in
                    try await transaction.execute(one)
                    try await transaction.execute(one)
                }
            }
            try await expect(client, trips: 0, statements: 0, transactions: 0) {
                try await client.transaction { _ in }
            }
            try await expect(client, trips: 5, statements: 5, transactions: 3) {
                try await client.withConnection { connection in
                    try await connection.execute(one)
                    try await connection.script("SELECT 1; SELECT 2")
                    try await connection.transaction { try await $0.script("SELECT 1; SELECT 2") }
                }
            }
        }
    }

    @Test func `count a batch of reads as one trip and one transaction`() async throws {
        try await withClient(pool: narrow) { client in
            let before = client.statistics
            try await withThrowingTaskGroup { group in
                for _ in 0..<500 { group.addTask { _ = try await client.query(one) } }
                try await group.waitForAll()
            }
            let spent = client.statistics - before
            #expect(spent.statements == 500)
            #expect(spent.trips < 500)
            #expect(spent.transactions == spent.trips)
        }
    }

    @Test func `do not count signs of life as trips`() async throws {
        let pool = PostgresPoolConfiguration(readConnections: 1, healthCheckInterval: .milliseconds(5))
        try await withClient(pool: pool) { client in
            _ = try await client.query(one)
            let before = client.statistics
            try await until { (client.statistics - before).housekeeping >= 10 }
            #expect((client.statistics - before).trips == 0)
        }
    }

    private func expect(
        _ client: PostgresClient, trips: Int, statements: Int, transactions: Int,
        sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async throws {
        let before = client.statistics
        try await body()
        let spent = client.statistics - before
        #expect(spent.trips == trips, sourceLocation: sourceLocation)
        #expect(spent.statements == statements, sourceLocation: sourceLocation)
        #expect(spent.transactions == transactions, sourceLocation: sourceLocation)
    }
}

@Suite(.database, .timeLimit(.minutes(5)))
struct `An idle client` {
    private let nap: PostgresStatement = "SELECT pg_sleep(0.1)"

    /// Three seconds with thirteen open connections, a listener among them.
    @Test func `sleeps until something is due`() async throws {
        try await withClient { client in
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { _ = try await client.withConnection { try await $0.execute(nap) } }
                    group.addTask { _ = try await client.execute(nap) }
                    group.addTask { _ = try await client.query(nap) }
                }
                try await group.waitForAll()
            }
            var news = client.notifications(on: "news").makeAsyncIterator()
            _ = try await news.next()

            let before = client.statistics
            try await Task.sleep(for: .seconds(3))
            let spent = client.statistics - before
            // The levels are recorded once more after the last work; the first sign of life is due after 30 seconds.
            #expect(spent.wakeups <= 2)
            #expect(spent.trips == 0)
            #expect(spent.housekeeping == 0)
        }
    }
}
