import EventSourcing
import EventSourcingPostgres
import LibPQ
import PostgresTesting
import Synchronization

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
        case .added:
            let added = try payload.decode(Added.self)
            Self.decodings.withLock { $0[added.amount, default: 0] += 1 }
            self = .added(added)
        }
    }

    /// How often an event was decoded, by its amount.
    static let decodings = Mutex<[Int: Int]>([:])
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

/// A table of totals.
func tallyTable(_ name: String = "tallies") -> PostgresTable<String, Int64> {
    PostgresTable(
        name, key: [PostgresColumn("stream") { $0 }], columns: [PostgresColumn("total") { $0 }],
        reading: ["stream", "total"]
    ) { columns in (try columns.next(), try columns.next()) }
}

/// Runs `body` with a projection into a table of its own that has applied nothing yet.
func withTallies(_ body: (PostgresProjection, PostgresClient) async throws -> Void) async throws {
    try await withDatabase(migrations: "read_db") { client in
        try await client.withConnection {
            try await $0.script("create table tallies (stream text primary key, total bigint not null)")
        }
        let projection = PostgresProjection(
            "tallies", [PostgresRowReadModel(Tallies(), table: tallyTable())], in: client)
        _ = try await projection.layout()
        try await body(projection, client)
    }
}
