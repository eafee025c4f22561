import LibPQ
import Logging
import PostgresTesting
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `Closing a client` {
    @Test func `finishes what was accepted, and refuses what comes later`() async throws {
        try await withClient { client in
            let closing = try await client.transaction { transaction in
                try await transaction.execute("SELECT 1")
                let closing = Task { await client.close() }
                try await until { await error { try await client.query("SELECT 1") }?.postgresCode == .closed }
                let rows = try await transaction.query("SELECT 1")
                #expect(rows.count == 1)
                try await transaction.execute("CREATE TABLE t (id int8)")
                return closing
            }
            await closing.value
        }
    }

    @Test func `does not wait for a read that was given up, though it waits for a lock`() async throws {
        try await withClient { observer in
            try await observer.withConnection { holder in
                try await holder.execute("SELECT pg_advisory_lock(1)")
                try await withClient { client in
                    let read = Task { try await client.query("SELECT pg_advisory_lock(1)").count }
                    let waiting: PostgresStatement = """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE wait_event_type = 'Lock' AND datname = current_database()
                        """
                    try await until { try await observer.value(Int.self, waiting) == 1 }
                    read.cancel()
                    await #expect(throws: CancellationError.self) { try await read.value }
                    await client.close()
                }
            }
        }
    }

    @Test func `twice is no more than once`() async throws {
        try await withClient { client in
            try await client.expectAlive()
            await client.close()
            await client.close()
            let codes: [PostgresError.Code?] = await [
                error { try await client.query("SELECT 1") }?.postgresCode,
                error { try await client.execute("SELECT 1") }?.postgresCode,
                error { try await client.transaction { _ in } }?.postgresCode,
                error { for try await _ in client.notifications(on: "news") {} }?.postgresCode,
            ]
            #expect(codes == [.closed, .closed, .closed, .closed])
        }
    }

    @Test func `happens when its service group shuts down gracefully`() async throws {
        try await withClient { client in
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup { group in
                    group.addTask { try await client.run() }
                    try await client.expectAlive()
                    trigger.triggerGracefulShutdown()
                    try await group.waitForAll()
                }
            }
            let failure = await error { try await client.query("SELECT 1") }
            #expect(failure?.postgresCode == .closed)
        }
    }

    @Test func `happens when the task that runs it is cancelled`() async throws {
        try await withClient { client in
            let task = Task { try await client.run() }
            try await client.expectAlive()
            task.cancel()
            try await task.value
            let failure = await error { try await client.query("SELECT 1") }
            #expect(failure?.postgresCode == .closed)
        }
    }

    @Test func `happens when nobody refers to it any more`() async throws {
        try await withClient { observer in
            var configuration = observer.configuration
            configuration.applicationName = "forgotten"
            try await PostgresClient(configuration).expectAlive()
            try await until {
                let count: PostgresStatement = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1"
                return try await observer.value(Int.self, count, "forgotten") == 0
            }
        }
    }
}
