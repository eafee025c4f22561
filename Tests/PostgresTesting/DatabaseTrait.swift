import FoundationEssentials
package import LibPQ
package import Testing

/// Lends each test a database of its own, which is dropped afterwards:
///
/// ```swift
/// @Suite(.database) struct StoreTests {
///     @Test func `it stores`() async throws {
///         try await withDatabase(migrations: "event_store") { client in … }
///     }
/// }
/// ```
package struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    private static let turns = Turns(6)

    @TaskLocal fileprivate static var database: TestDatabase?

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Self.turns.take()
        defer { Self.turns.giveBack() }
        let database = try await TestDatabase.make()
        do {
            try await Self.$database.withValue(database) { try await function() }
        } catch {
            try await database.drop()
            throw error
        }
        try await database.drop()
    }
}

extension Trait where Self == DatabaseTrait {
    /// A database of its own for each test.
    package static var database: Self { Self() }
}

extension TestDatabase {
    /// The database of the current test.
    package static var current: TestDatabase {
        get throws { try #require(DatabaseTrait.database, "the suite lacks the trait .database") }
    }
}

/// Runs `body` with a client of the test's database, closed when `body` is done.
package func withClient(
    pool: PostgresPoolConfiguration = PostgresPoolConfiguration(),
    configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> Void
) async throws {
    try await TestDatabase.current.withClient(pool: pool, configure: configure, body)
}

/// Runs `body` with a client of the test's database, after `Migrations/<migrations>` was applied to it.
package func withDatabase(
    migrations: String, _ body: (PostgresClient) async throws -> Void
) async throws {
    try await withClient { client in
        try await client.migrate(migrations)
        try await body(client)
    }
}

extension PostgresClient {
    /// Applies `Migrations/<migrations>`.
    package func migrate(_ migrations: String) async throws {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        try await PostgresMigrator(directory: repository.appending(path: "Migrations/\(migrations)").path).migrate(self)
    }
}
