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

/// A table of counts.
func countTable(_ name: String) -> PostgresTable<String, Count> {
    PostgresTable(
        name, key: [PostgresColumn("stream") { $0 }],
        columns: [
            PostgresColumn("count") { $0.count }, PostgresColumn("positions") { $0.positions },
            PostgresColumn("last_revision") { $0.lastRevision }, PostgresColumn("misplaced") { $0.misplaced },
        ],
        reading: ["stream", "count", "positions", "last_revision", "misplaced"]
    ) { columns in
        let stream = try columns.next(String.self)
        let count = Count(
            count: try columns.next(), positions: try columns.next(), lastRevision: try columns.next(),
            misplaced: try columns.next())
        return (stream, count)
    }
}
