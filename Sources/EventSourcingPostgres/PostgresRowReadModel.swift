public import EventSourcing
public import LibPQ

/// What events change in a table, ready to be written in a transaction.
public typealias PostgresChange = @Sendable (borrowing PostgresTransaction) async throws -> Void

/// A part of what a projection feeds: most often, one table.
public protocol PostgresReadModel: Sendable {
    /// The events that it is made of.
    var filter: LogFilter { get }

    /// Whether each row is made of the events of one stream, so that partitions never meet in a row.
    var isPartitionable: Bool { get }

    /// The names of all tables that it writes to, without schemas. A rebuild makes others of the same names.
    var tables: [String] { get }

    /// Reads the events, and says what they change; nil for nothing.
    ///
    /// - Throws: ``EventSourcing/PoisonEvent`` and ``EventSourcing/UndecodableEvent``, here and when it is written.
    func change(by events: [RecordedEvent]) throws -> PostgresChange?
}

/// The table of a row projection: the rows that events touch are loaded, folded in memory, and written with one statement.
public struct PostgresRowReadModel<Projection: RowProjection, Table: PostgresRowTable>: PostgresReadModel
where Table.Key == Projection.Key, Table.Row == Projection.Row {
    private let projection: Projection
    private let table: Table
    /// The stream that a row belongs to, where there is a single one.
    private let owner: (@Sendable (Projection.Key) throws -> StreamName)?
    /// The aggregates whose events the projection reads; those of others pass by.
    private let aggregates = Set(Projection.Event.Name.allCases.compactMap { try? EventType($0.rawValue).aggregate })

    /// Rows that events of several streams may change. The projection keeps to a single partition.
    public init(_ projection: Projection, table: Table) {
        self.projection = projection
        self.table = table
        owner = nil
    }

    /// Rows of one stream each. An event that would change a row of another stream is parked.
    public init(_ projection: Projection, table: Table) where Projection: StreamRowProjection {
        self.projection = projection
        self.table = table
        owner = { try projection.stream(of: $0) }
    }

    public var filter: LogFilter { Projection.filter }
    public var tables: [String] { [table.name] }
    public var isPartitionable: Bool { owner != nil }

    public func change(by events: [RecordedEvent]) throws -> PostgresChange? {
        let decoded = try events.filter { aggregates.contains($0.type.aggregate) }
            .compactMap(Recorded<Projection.Event>.init)
        let touched = try touchedRows(by: decoded)
        guard !touched.isEmpty else { return nil }
        return { [projection, table] transaction in
            let rows = touched.old.isEmpty ? [:] : try await table.load(touched.old, in: transaction)
            let folded = try projection.fold(decoded, into: rows)
            let kept = folded.compactMap { key, row in row.map { (key: key, row: $0) } }
            let gone = folded.compactMap { key, row in
                row == nil && (rows[key] != nil || touched.new.contains(key)) ? key : nil
            }
            if !kept.isEmpty { try await table.save(kept, in: transaction) }
            if !gone.isEmpty { try await table.delete(gone, in: transaction) }
        }
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
    /// Those that may be there, and have to be loaded.
    var old: [Key] = []
    /// Those of streams that begin with these events: before them there is no row.
    var new: Set<Key> = []

    var isEmpty: Bool { old.isEmpty && new.isEmpty }
}
