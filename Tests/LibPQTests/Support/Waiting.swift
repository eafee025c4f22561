import Synchronization
import Testing

@testable import LibPQ

/// Asks again and again until the answer is yes. The time limit of the test bounds it.
func until(_ condition: () async throws -> Bool) async throws {
    while !(try await condition()) {
        try Task.checkCancellation()
        await Task.yield()
    }
}

extension PostgresClient {
    /// The one value that a query answers with.
    func value<Value: PostgresDecodable, each Parameter: PostgresEncodable>(
        _ type: Value.Type, _ statement: PostgresStatement, _ parameter: repeat each Parameter
    ) async throws -> Value {
        let rows = try await query(statement, repeat each parameter)
        return try #require(rows.first).decode(type)
    }

    /// Expects that reads, writes and leases are answered.
    func expectAlive(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await value(Int.self, "SELECT 1") == 1, sourceLocation: sourceLocation)
        #expect(try await execute("SELECT 1").count == 1, sourceLocation: sourceLocation)
        #expect(try await transaction { try await $0.query("SELECT 1").count } == 1, sourceLocation: sourceLocation)
    }

    /// Waits until some backend of the database runs a statement with this text in it.
    func untilRunning(_ text: String) async throws {
        try await until { try await backends(running: text) > 0 }
    }

    /// The number of backends of the database that run a statement with this text in it.
    func backends(running text: String) async throws -> Int {
        try await value(
            Int.self,
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
              AND position($1 IN query) > 0
            """, text)
    }

    /// Ends all backends of the database but the one that is asked.
    func terminateBackends() async throws {
        try await execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
    }
}

/// What `body` throws.
func error<Answer>(of body: () async throws -> Answer) async -> (any Error)? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

extension Error {
    /// The code of a `PostgresError`.
    var postgresCode: PostgresError.Code? { (self as? PostgresError)?.code }
}

extension PostgresClient {
    /// Waits until so many tasks are in line for a leased connection.
    func untilWaiting(_ count: Int) async {
        while mailbox.state.withLock({ $0.leases.waiterCount }) < count { await Task.yield() }
    }

    /// Waits until so many writes wait unsent.
    func untilWritesWait(_ count: Int) async {
        while mailbox.state.withLock({ $0.writes.count }) < count { await Task.yield() }
    }
}
