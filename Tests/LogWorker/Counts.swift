import EventSourcing
import EventSourcingPostgres
import LibPQ

/// What writers append: events without content.
enum ThingEvent: DomainEvent {
    case done

    enum Name: String, CaseIterable { case done = "faults.thing.done.v1" }

    var name: Name { .done }

    func encode() throws -> EventPayload { EventPayload(bytes: Array("{}".utf8)) }

    init(_ name: Name, from payload: EventPayload) { self = .done }
}

/// What was applied of a stream, so that it shows when an event was left out, repeated or applied out of order.
struct Count: Sendable {
    var count: Int64 = 0
    var positions: Int64 = 0
    var lastRevision: Int64 = -1
    /// How many events did not follow the one before.
    var misplaced: Int64 = 0
}

struct Counts: StreamRowProjection {
    func key(for event: Recorded<ThingEvent>) -> String? { event.record.stream.rawValue }

    func stream(of key: String) throws -> StreamName { try StreamName(key) }

    func evolve(_ row: inout Count?, with event: Recorded<ThingEvent>) {
        var count = row ?? Count()
        let revision = event.record.revision.rawValue
        count.count += 1
        count.positions += event.record.position.rawValue
        if revision != count.lastRevision + 1 { count.misplaced += 1 }
        count.lastRevision = revision
        row = count
    }
}

/// A table of counts; one that takes its time takes it in the middle of the transaction.
struct CountTable: PostgresRowTable {
    let name: String
    private let delay: Double
    private let select: PostgresStatement
    private let upsert: PostgresStatement
    private let remove: PostgresStatement
    private static let sleep = PostgresStatement("select pg_sleep($1)")

    init(_ name: String, taking delay: Double = 0) {
        self.name = name
        self.delay = delay
        select = PostgresStatement("select * from \(name) where stream = any ($1)")
        upsert = PostgresStatement(
            """
            insert into \(name) select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
            on conflict (stream) do update set count = excluded.count, positions = excluded.positions,
                last_revision = excluded.last_revision, misplaced = excluded.misplaced
            """)
        remove = PostgresStatement("delete from \(name) where stream = any ($1)")
    }

    func load(_ keys: [String], in transaction: borrowing PostgresTransaction) async throws -> [String: Count] {
        let rows = try await transaction.query(select, keys)
        if delay > 0 { _ = try await transaction.query(Self.sleep, delay) }
        return Dictionary(
            uniqueKeysWithValues: try rows.map { row in
                let (stream, count, positions, last, misplaced) = try row.decode(
                    String.self, Int64.self, Int64.self, Int64.self, Int64.self)
                return (
                    stream, Count(count: count, positions: positions, lastRevision: last, misplaced: misplaced)
                )
            })
    }

    func save(_ rows: [(key: String, row: Count)], in transaction: borrowing PostgresTransaction) async throws {
        _ = try await transaction.execute(
            upsert, rows.map(\.key), rows.map(\.row.count), rows.map(\.row.positions), rows.map(\.row.lastRevision),
            rows.map(\.row.misplaced))
    }

    func delete(_ keys: [String], in transaction: borrowing PostgresTransaction) async throws {
        _ = try await transaction.execute(remove, keys)
    }
}
