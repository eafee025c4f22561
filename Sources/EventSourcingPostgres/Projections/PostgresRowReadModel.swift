public import EventSourcing
import LibPQ

/// The table of a row projection: the rows that events touch are loaded, folded in memory, and written with one
/// statement. Rows that were written lately are not loaded again.
public struct PostgresRowReadModel<Projection: RowProjection>: PostgresReadModel {
    private let projection: Projection
    private let table: PostgresTable<Projection.Key, Projection.Row>
    /// The stream that a row belongs to, where there is a single one.
    private let owner: (@Sendable (Projection.Key) throws -> StreamName)?
    /// The aggregates whose events the projection reads; those of others pass by.
    private let aggregates = Projection.aggregates

    /// Rows that events of several streams may change. The projection keeps to a single partition.
    public init(_ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>) {
        self.projection = projection
        self.table = table
        owner = nil
    }

    /// Rows of one stream each. An event that would change a row of another stream is parked.
    public init(_ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>)
    where Projection: StreamRowProjection {
        self.projection = projection
        self.table = table
        owner = { try projection.stream(of: $0) }
    }

    /// See ``PostgresReadModel/filter``.
    public var filter: LogFilter { Projection.filter }
    /// See ``PostgresReadModel/tables``.
    public var tables: [String] { [table.name] }
    /// See ``PostgresReadModel/isPartitionable``.
    public var isPartitionable: Bool { owner != nil }

    /// See ``PostgresReadModel/change(by:)``.
    public func change(by events: inout DecodedEvents) throws -> (any PostgresChange)? {
        let decoded = try events(Projection.Event.self, of: aggregates)
        let touched = try touchedRows(by: decoded)
        guard !touched.isEmpty else { return nil }
        return RowChange(projection: projection, table: table, events: decoded, touched: touched)
    }

    private func touchedRows(by events: [Recorded<Projection.Event>]) throws -> TouchedRows<Projection.Key> {
        guard let owner else { return TouchedRows(old: Array(Set(events.compactMap(projection.key))), new: []) }
        var touched = TouchedRows<Projection.Key>()
        var streams: [Projection.Key: StreamName] = [:]
        for event in events {
            guard let key = projection.key(for: event) else { continue }
            let stream: StreamName
            if let known = streams[key] {
                stream = known
            } else {
                stream = try owner(key)
                streams[key] = stream
                if event.record.revision == .first { touched.new.insert(key) } else { touched.old.append(key) }
            }
            guard stream == event.record.stream else {
                throw PoisonEvent(event.record, reason: "it would change a row that belongs to another stream")
            }
        }
        return touched
    }
}

/// The rows that a batch of events touches.
private struct TouchedRows<Key: Hashable & Sendable>: Sendable {
    /// Those that may be there.
    var old: [Key] = []
    /// Those of streams that begin with these events: before them there is no row.
    var new: Set<Key> = []

    var isEmpty: Bool { old.isEmpty && new.isEmpty }
}

/// What events change in the rows of a table.
private struct RowChange<Projection: RowProjection>: PostgresChange {
    let projection: Projection
    let table: PostgresTable<Projection.Key, Projection.Row>
    let events: [Recorded<Projection.Event>]
    let touched: TouchedRows<Projection.Key>

    func statements(
        in partition: PostgresPartition, cache: inout (any Sendable)?,
        read: (PostgresCall) async throws -> PostgresRows
    ) async throws -> [PostgresCall] {
        var recent = cache as? RecentRows<Projection.Key, Projection.Row> ?? RecentRows()
        cache = nil
        var (rows, missing): ([Projection.Key: Projection.Row], [Projection.Key]) = ([:], [])
        for key in touched.old {
            if let row = recent[key] { rows[key] = row } else { missing.append(key) }
        }
        if !missing.isEmpty {
            for (key, row) in try await table.rows(of: missing, in: partition, read) { rows[key] = row }
        }
        let folded = try projection.fold(events, into: rows)
        let saved = folded.compactMap { key, row in row.map { (key: key, row: $0) } }
        let deleted = folded.compactMap { key, row in
            row == nil && (rows[key] != nil || touched.new.contains(key)) ? key : nil
        }
        var calls: [PostgresCall] = []
        if !saved.isEmpty { calls.append(try table.save(saved)) }
        if !deleted.isEmpty { calls.append(try table.delete(deleted)) }
        recent.keep(folded, size: calls.reduce(0) { $0 + $1.size })
        cache = recent
        return calls
    }
}
