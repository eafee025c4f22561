import Foundation
import LibPQ
import PostgresTesting
import Testing

/// A read database of a version before is brought up to date, and filled from the log again.
@Suite(.database, .timeLimit(.minutes(5))) struct ReadDatabaseUpgradeTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Migrations/read_db").standardized

    private static func migration(_ version: Int, _ name: String) throws -> PostgresMigration {
        let file = directory.appending(path: "000\(version)_\(name).sql")
        return PostgresMigration(version: version, name: name, sql: try String(contentsOf: file, encoding: .utf8))
    }

    @Test func `rows without a position and a text to search go, and the projection starts over`() async throws {
        try await withClient { client in
            let before = PostgresMigrator([
                try Self.migration(1, "projections"), try Self.migration(2, "invoices"),
            ])
            try await before.migrate(client)
            try await client.withConnection { connection in
                try await connection.script(
                    """
                    insert into checkpoints (projection, partition, position, version, event_id, stalled_on)
                    values ('invoices', 0, 7, 3, gen_random_uuid(), 'something'), ('others', 0, 5, 2, null, null);
                    insert into parked_events (projection, partition, position, tenant, stream, event_id, type)
                    values ('invoices', 0, 6, 'acme', 's', gen_random_uuid(), 't');
                    insert into invoices (
                        tenant, id, customer_id, currency, state, payment_status, amount, paid_amount, refunded_amount,
                        created_at, revision, document_version, document)
                    values ('acme', gen_random_uuid(), gen_random_uuid(), 'EUR', 'draft', 'unpaid', 1, 0, 0, now(), 0, 1, '{}')
                    """)
            }
            try await client.migrate("read_db")
            let rows = try await client.query("select count(*) from invoices")[0].decode(Int64.self)
            #expect(rows == 0)
            let parked = try await client.query("select count(*) from parked_events")[0].decode(Int64.self)
            #expect(parked == 0)
            let checkpoints = try await client.query(
                "select position, version, event_id, stalled_on from checkpoints order by projection"
            ).map { try $0.decode(Int64.self, Int64.self, UUID?.self, String?.self) }
            #expect(checkpoints.count == 2)
            #expect(checkpoints[0] == (0, 4, nil, nil))
            #expect(checkpoints[1].0 == 5 && checkpoints[1].1 == 2)
        }
    }
}
