import EventSourcing
import EventSourcingPostgres
import LibPQ
import Pipelines
import PostgresTesting
import Testing

/// The versions of a projection of documents: they take the place of a rebuild.
@Suite(.database, .timeLimit(.minutes(5))) struct DocumentVersionTests {
    private typealias Shop = Pipeline<Product, Aggregates<Product>>

    private static let names = PostgresStatement("select distinct projection from documents order by projection")
    private static let progress = PostgresStatement(
        "select projection from projections union select projection from checkpoints order by projection")

    /// Runs `body` with the two databases of a runtime.
    private func withDatabases(
        _ body: (_ runtime: PostgresRuntime, _ rows: PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "event_store") { eventStore in
            let rows = try await TestDatabase.make()
            try await rows.withClient { client in
                try await client.migrate("read_db")
                try await body(.postgres(eventStore: eventStore, readDatabase: client, process: "tests"), client)
            }
            try await rows.drop()
        }
    }

    private func names(_ statement: PostgresStatement, _ client: PostgresClient) async throws -> [String] {
        try await client.query(statement).map { try $0.decode(String.self) }
    }

    @Test func `a rebuild of documents is refused with the way that there is`() async throws {
        try await withDatabases { runtime, rows in
            let tags = try #require(
                try Shop.shop().projection("tags", PriceTags())
                    .postgresProjections(in: rows, reading: runtime.events).first)
            let error = await #expect(throws: ProjectionRebuildRefused.self) {
                try await PostgresProjectionRebuild(of: tags, reading: runtime.events, logger: TestRuntime.logger).run()
            }
            #expect(
                error?.description == """
                    projection shop.tags.v1: its documents are in the table documents, which others share; to make them \
                    again, give the projection the next version in its pipeline, which is filled from the log beside this one
                    """)
        }
    }

    @Test func `the documents of old versions are dropped, and no others`() async throws {
        try await withDatabases { runtime, rows in
            func shop(_ version: Int) throws -> Shop {
                try Shop.shop().projection("tags", PriceTags(), version: version)
                    .projection("histories", PriceHistories())
            }
            for version in 1...3 {
                _ = try await shop(version).run(on: runtime, logger: TestRuntime.logger) { shop in
                    try await shop.commands.send(
                        SetPrice(productId: "p", price: version), in: .of(), waitingUpTo: .seconds(30))
                }
            }
            let current = ["shop.histories.v1", "shop.tags.v3"]
            #expect(
                try await names(Self.names, rows) == [
                    "shop.histories.v1", "shop.tags.v1", "shop.tags.v2", "shop.tags.v3",
                ])
            #expect(try await shop(3).dropOldDocuments(in: rows) == ["shop.tags.v1", "shop.tags.v2"])
            #expect(try await names(Self.names, rows) == current)
            #expect(try await names(Self.progress, rows) == current)
            #expect(try await shop(3).dropOldDocuments(in: rows).isEmpty)
            try await shop(3).run(on: runtime, logger: TestRuntime.logger) { shop in
                let tags = try shop.projection(named: "tags", of: PriceTags.self)
                #expect(try await tags.get("p", in: .of()) == PriceTag(price: 3, changes: 2))
            }
        }
    }
}
