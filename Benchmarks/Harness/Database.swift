import EmbeddedPostgres
import EventSourcing
import EventSourcingPostgres
import LibPQ

/// A database of the benchmark's server.
struct Database: Sendable {
    let server: EmbeddedPostgres
    let name: String

    /// For pgbench and psql.
    var connectionArguments: [String] {
        ["--host", server.socketDirectory, "--port", "\(server.port)", "--username", server.username]
    }

    /// Runs `body` with a client whose pool is the default one, as the superuser or in another role.
    func withClient<Answer>(
        role: String? = nil, _ body: (PostgresClient) async throws -> Answer
    ) async throws -> Answer {
        let client = PostgresClient(
            PostgresConfiguration(
                hosts: [.init(server.socketDirectory, port: server.port)], username: server.username, database: name,
                role: role, connectTimeout: .seconds(60)))
        let answer: Answer
        do {
            answer = try await body(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        return answer
    }

    /// Runs `body` with a store as a service has it: it may call the store's functions and can name no table.
    func withStore<Answer>(
        appended: PositionSignal = PositionSignal(), _ body: (PostgresEventStore) async throws -> Answer
    ) async throws -> Answer {
        try await withClient(role: PostgresEventStore.serviceRole) { client in
            try await body(PostgresEventStore(client, appended: appended))
        }
    }
}
