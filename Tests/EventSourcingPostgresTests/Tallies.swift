import EventSourcing
import EventSourcingPostgres
import LibPQ
import PostgresTesting

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
struct Tallies: StreamRowProjection {
    func key(for event: Recorded<TallyEvent>) -> String? { event.record.stream.rawValue }

    func stream(of key: String) throws -> StreamName { try StreamName(key) }

    func evolve(_ row: inout Int64?, with event: Recorded<TallyEvent>) {
        switch event.event {
        case .added(let added):
            let total = (row ?? 0) + Int64(added.amount)
            row = total == 0 ? nil : total
        }
    }
}

/// A total for each tenant, and so of several streams.
struct TenantTallies: RowProjection {
    func key(for event: Recorded<TallyEvent>) -> String? { event.record.tenant.rawValue }

    func evolve(_ row: inout Int64?, with event: Recorded<TallyEvent>) {
        Tallies().evolve(&row, with: event)
    }
}

struct TallyTable: PostgresRowTable {
    let name: String
    private let select: PostgresStatement
    private let upsert: PostgresStatement
    private let remove: PostgresStatement

    /// - Parameter declaredName: what it calls itself, where that is another name than its statements use.
    init(_ name: String = "tallies", declaredName: String? = nil) {
        self.name = declaredName ?? name
        select = PostgresStatement("select stream, total from \(name) where stream = any ($1)")
        upsert = PostgresStatement(
            """
            insert into \(name) (stream, total) select * from unnest($1::text[], $2::bigint[])
            on conflict (stream) do update set total = excluded.total
            """)
        remove = PostgresStatement("delete from \(name) where stream = any ($1)")
    }

    func load(_ keys: [String], in transaction: borrowing PostgresTransaction) async throws -> [String: Int64] {
        let rows = try await transaction.query(select, keys)
        return Dictionary(uniqueKeysWithValues: try rows.map { try $0.decode(String.self, Int64.self) })
    }

    func save(_ rows: [(key: String, row: Int64)], in transaction: borrowing PostgresTransaction) async throws {
        _ = try await transaction.execute(upsert, rows.map(\.key), rows.map(\.row))
    }

    func delete(_ keys: [String], in transaction: borrowing PostgresTransaction) async throws {
        _ = try await transaction.execute(remove, keys)
    }
}

/// Runs `body` with a projection into a table of its own that has applied nothing yet.
func withTallies(_ body: (PostgresProjection, PostgresClient) async throws -> Void) async throws {
    try await withDatabase(migrations: "read_db") { client in
        try await client.withConnection {
            try await $0.script("create table tallies (stream text primary key, total bigint not null)")
        }
        let projection = PostgresProjection(
            "tallies", [PostgresRowReadModel(Tallies(), table: TallyTable())], in: client)
        _ = try await projection.layout()
        try await body(projection, client)
    }
}
