package import EmbeddedPostgres
import FoundationEssentials
package import LibPQ

/// A database that no other test uses.
package struct TestDatabase: Sendable {
    package let cluster: EmbeddedPostgres
    package let name: String

    /// Makes an empty database. It goes with its server, if it is not dropped before.
    package static func make(on server: TestServer = .first) async throws -> TestDatabase {
        try await make(in: try await server.cluster)
    }

    package static func make(in cluster: EmbeddedPostgres) async throws -> TestDatabase {
        let name = "t\(UUID().uuidString.filter { $0 != "-" }.lowercased())"
        try await administrative(of: cluster).withClient {
            try await $0.execute(PostgresStatement("CREATE DATABASE \(name)"))
        }
        return TestDatabase(cluster: cluster, name: name)
    }

    /// The database `postgres` of a cluster, for what has to be done from outside.
    package static func administrative(of cluster: EmbeddedPostgres) -> TestDatabase {
        TestDatabase(cluster: cluster, name: "postgres")
    }

    package func drop() async throws {
        try await Self.administrative(of: cluster).withClient {
            try await $0.execute(PostgresStatement("DROP DATABASE \(name) WITH (FORCE)"))
        }
    }

    /// It waits long for a connection: the machine may be busy with other tests.
    package var configuration: PostgresConfiguration {
        PostgresConfiguration(
            hosts: [.init(cluster.socketDirectory, port: cluster.port)], username: cluster.username, database: name,
            connectTimeout: .seconds(60))
    }

    /// Runs `body` with a client that is closed afterwards.
    @discardableResult
    package func withClient<Answer>(
        pool: PostgresPoolConfiguration = PostgresPoolConfiguration(),
        configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresClient) async throws -> Answer
    ) async throws -> Answer {
        var configuration = configuration
        configure(&configuration)
        let client = PostgresClient(configuration, pool: pool)
        let answer: Answer
        do { answer = try await body(client) } catch {
            await client.close()
            throw error
        }
        await client.close()
        return answer
    }
}
