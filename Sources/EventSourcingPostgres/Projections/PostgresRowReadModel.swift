public import EventSourcing
import LibPQ

/// The table of a row projection: the rows that events touch are loaded, folded in memory, and written with one
/// statement. Rows that were written lately are not loaded again, nor are those that the process can make of the states of
/// aggregates.
public struct PostgresRowReadModel<Projection: RowProjection>: PostgresReadModel {
    private let projection: Projection
    private let table: PostgresTable<Projection.Key, Projection.Row>
    /// The stream that a row belongs to, where there is a single one.
    private let owner: (@Sendable (Projection.Key) throws -> StreamName)?
    private let recalled: RecalledRows<Projection.Row>?
    /// The aggregates whose events the projection reads; those of others pass by.
    private let aggregates = Projection.aggregates

    /// Rows that events of several streams may change. The projection keeps to a single partition.
    public init(_ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>) {
        self.projection = projection
        self.table = table
        owner = nil
        recalled = nil
    }

    /// Rows of one stream each. An event that would change a row of another stream is parked.
    public init(_ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>)
    where Projection: StreamRowProjection {
        self.init(projection, table: table, recalling: nil)
    }

    /// Rows of one stream each, of which some need not be read.
    ///
    /// - Parameter recalled: rows that this process can make of what it has in memory; nil where all are read.
    public init(
        _ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>,
        recalling recalled: RecalledRows<Projection.Row>?
    ) where Projection: StreamRowProjection {
        self.projection = projection
        self.table = table
        owner = { try projection.stream(of: $0) }
        self.recalled = recalled
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
        return RowChange(
            projection: projection, table: table, events: decoded, touched: touched, recalled: recalled)
    }

    private func touchedRows(by events: [Recorded<Projection.Event>]) throws -> TouchedRows<Projection.Key> {
        guard let owner else { return TouchedRows(old: Array(Set(events.compactMap(projection.key)))) }
        var touched = TouchedRows<Projection.Key>()
        for event in events {
            guard let key = projection.key(for: event) else { continue }
            let revision = event.record.revision
            let stream: StreamName
            if let known = touched.streams[key]?.stream {
                stream = known
                touched.streams[key]?.last = revision
            } else {
                stream = try owner(key)
                touched.streams[key] = TouchedStream(stream: stream, first: revision, last: revision)
                if revision != .first { touched.old.append(key) }
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
    /// The streams of rows that have one each. Before the first event of a stream there is no row.
    var streams: [Key: TouchedStream] = [:]

    var isEmpty: Bool { old.isEmpty && streams.isEmpty }

    /// Whether the row's stream begins with the batch.
    func isNew(_ key: Key) -> Bool { streams[key]?.first == .first }
}

/// The events of a stream in a batch, by their revisions.
private struct TouchedStream: Sendable {
    let stream: StreamName
    let first: Revision
    var last: Revision
}

/// What events change in the rows of a table.
private struct RowChange<Projection: RowProjection>: PostgresChange {
    let projection: Projection
    let table: PostgresTable<Projection.Key, Projection.Row>
    let events: [Recorded<Projection.Event>]
    let touched: TouchedRows<Projection.Key>
    let recalled: RecalledRows<Projection.Row>?

    func statements(
        in partition: PostgresPartition, cache: inout (any Sendable)?, recallingAfter start: ContinuousClock.Instant?,
        read: (PostgresCall) async throws -> PostgresRows
    ) async throws -> [PostgresCall] {
        var recent = cache as? RecentRows<Projection.Key, Projection.Row> ?? RecentRows()
        cache = nil
        var (rows, missing): ([Projection.Key: Projection.Row], [Projection.Key]) = ([:], [])
        var results: [Projection.Key: Projection.Row?] = [:]
        for key in touched.old {
            if let row = recent[key] {
                rows[key] = row
            } else if let (row, isResult) = recall(key, after: start) {
                if isResult { results[key] = row } else { rows[key] = row }
            } else {
                missing.append(key)
            }
        }
        if !missing.isEmpty {
            for (key, row) in try await table.rows(of: missing, in: partition, read) { rows[key] = row }
        }
        let unfolded =
            results.isEmpty
            ? events : events.filter { event in projection.key(for: event).map { results[$0] == nil } ?? false }
        let folded = try projection.fold(unfolded, into: rows).merging(results) { $1 }
        let saved = folded.compactMap { key, row in row.map { (key: key, row: $0) } }
        let deleted = folded.compactMap { key, row in
            row == nil && (rows[key] != nil || touched.isNew(key)) ? key : nil
        }
        var calls: [PostgresCall] = []
        if !saved.isEmpty { calls.append(try table.save(saved)) }
        if !deleted.isEmpty { calls.append(try table.delete(deleted)) }
        recent.keep(folded, size: calls.reduce(0) { $0 + $1.size })
        cache = recent
        return calls
    }

    /// The row before the events of its stream, or already as they leave it: the command that has appended them may have
    /// taken them into its aggregate's state by now.
    private func recall(
        _ key: Projection.Key, after start: ContinuousClock.Instant?
    ) -> (row: Projection.Row, isResult: Bool)? {
        guard let recalled, let start, let touched = touched.streams[key] else { return nil }
        if let row = recalled.row(of: touched.stream, at: touched.last, readAfter: start) { return (row, true) }
        let before = Revision(touched.first.rawValue - 1)
        return recalled.row(of: touched.stream, at: before, readAfter: start).map { ($0, false) }
    }
}
