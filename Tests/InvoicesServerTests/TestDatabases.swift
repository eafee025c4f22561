import EmbeddedPostgres
import LibPQ
import PostgresTesting

/// Two empty databases, one for the events and one to read from.
struct TestDatabases: Sendable {
    let eventStore: TestDatabase
    let readDatabase: TestDatabase

    /// On two servers.
    static func make() async throws -> TestDatabases {
        try await TestDatabases(eventStore: .make(on: .first), readDatabase: .make(on: .second))
    }

    /// What tells the program where they are.
    var environment: [String: String] {
        [
            "EVENT_STORE_HOST": eventStore.cluster.socketDirectory,
            "EVENT_STORE_PORT": "\(eventStore.cluster.port)",
            "EVENT_STORE_USERNAME": eventStore.cluster.username,
            "EVENT_STORE_DATABASE": eventStore.name,
            "READ_DB_HOST": readDatabase.cluster.socketDirectory,
            "READ_DB_PORT": "\(readDatabase.cluster.port)",
            "READ_DB_USERNAME": readDatabase.cluster.username,
            "READ_DB_DATABASE": readDatabase.name,
        ]
    }

    /// How far the projection of invoices has come.
    func projectedPosition() async throws -> Int64 {
        try await readDatabase.withClient { client in
            let rows = try await client.query(
                PostgresStatement("select coalesce(max(position), 0) from checkpoints where projection = 'invoices'"))
            return try rows[0].decode(Int64.self)
        }
    }
}
