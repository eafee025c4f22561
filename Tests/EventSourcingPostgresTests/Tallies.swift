import EventSourcing
import EventSourcingPostgres
import LibPQ

struct Added: Codable, Hashable { let amount: Int }

enum TallyEvent: DomainEvent {
    case added(Added)

    enum Name: String, CaseIterable { case added = "tests.tally.added.v1" }

    var name: Name { .added }

    func encode() throws -> EventPayload {
        switch self {
        case .added(let added): try EventPayload(encoding: added)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .added: self = .added(try payload.decode(Added.self))
        }
    }
}

/// A total for each stream; a total of zero has no row.
struct Tallies: RowProjection {
    func key(for event: Recorded<TallyEvent>) -> String? { event.record.stream.rawValue }

    func evolve(_ row: inout Int64?, with event: Recorded<TallyEvent>) {
        switch event.event {
        case .added(let added):
            let total = (row ?? 0) + Int64(added.amount)
            row = total == 0 ? nil : total
        }
    }
}

struct TallyTable: PostgresRowTable {
    private static let select = PostgresStatement("select stream, total from tallies where stream = any ($1)")
    private static let upsert = PostgresStatement(
        """
        insert into tallies select * from unnest($1::text[], $2::bigint[])
        on conflict (stream) do update set total = excluded.total
        """)
    private static let remove = PostgresStatement("delete from tallies where stream = any ($1)")

    func load(_ keys: [String], in transaction: borrowing PostgresTransaction) async throws -> [String: Int64] {
        let rows = try await transaction.query(Self.select, keys)
        return Dictionary(uniqueKeysWithValues: try rows.map { try $0.decode(String.self, Int64.self) })
    }

    func save(_ rows: [(key: String, row: Int64)], in transaction: borrowing PostgresTransaction) async throws {
        _ = try await transaction.execute(Self.upsert, rows.map(\.key), rows.map(\.row))
    }

    func delete(_ keys: [String], in transaction: borrowing PostgresTransaction) async throws {
        _ = try await transaction.execute(Self.remove, keys)
    }
}
