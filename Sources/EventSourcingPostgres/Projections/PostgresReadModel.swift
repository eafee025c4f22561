public import EventSourcing
public import LibPQ

/// A part of what a projection feeds: most often, one table.
public protocol PostgresReadModel: Sendable {
    /// The events that it is made of.
    var filter: LogFilter { get }

    /// Whether each row is made of the events of one stream, so that partitions never meet in a row.
    var isPartitionable: Bool { get }

    /// The names of all tables that it writes to, without schemas. A rebuild makes others of the same names.
    var tables: [String] { get }

    /// A table that it writes to and shares with other projections, so that it cannot be rebuilt; nil unless stated.
    var sharedTable: String? { get }

    /// Reads the events of a page, and finds out what they change; nil for nothing.
    ///
    /// - Throws: ``/EventSourcing/PoisonEvent`` and ``/EventSourcing/UndecodableEvent``.
    func change(by events: inout DecodedEvents) throws -> (any PostgresChange)?
}

extension PostgresReadModel {
    /// None.
    public var sharedTable: String? { nil }
}

/// What the events of a page change in a read model.
public protocol PostgresChange: Sendable {
    /// The statements that write the change. They are executed in this order, in the transaction that moves the
    /// checkpoint.
    ///
    /// - Parameters:
    ///   - partition: the partition, and the version that its rows have before the change.
    ///   - cache: what the read model has left here for its next change, if the rows are still those of that commit; nil
    ///     otherwise. What it leaves now is kept only if this change is committed.
    ///   - start: states of aggregates that were read after it are those of the rows; nil where they may differ. See
    ///     ``/EventSourcing/RecalledRows``.
    ///   - read: runs a statement that reads rows.
    /// - Throws: ``/EventSourcing/PoisonEvent``, ``/EventSourcing/CheckpointMoved``, and what `read` throws.
    func statements(
        in partition: PostgresPartition, cache: inout (any Sendable)?, recallingAfter start: ContinuousClock.Instant?,
        read: (PostgresCall) async throws -> PostgresRows
    ) async throws -> [PostgresCall]
}

/// A partition of a projection at one of its versions.
public struct PostgresPartition: Hashable, Sendable {
    /// The name of the projection.
    public let projection: String
    /// The number of the partition, from 0.
    public let number: Int
    /// The version that its rows have before the change.
    public let version: Int64

    /// For tests of read models.
    public init(of projection: String, _ number: Int, version: Int64) {
        self.projection = projection
        self.number = number
        self.version = version
    }

    /// Somebody else has changed it.
    var moved: CheckpointMoved { CheckpointMoved(projection: projection, partition: number) }
}

/// The events of a page, decoded once for all read models that are made of the same kind of event.
public struct DecodedEvents {
    /// The events as they are stored.
    public let records: [RecordedEvent]
    private var decoded: [ObjectIdentifier: Any] = [:]

    /// Decodes nothing yet.
    public init(_ records: [RecordedEvent]) { self.records = records }

    /// The events of an aggregate's kind, without those that were redacted; the others pass by.
    ///
    /// - Parameter aggregates: those that `Event` knows.
    /// - Throws: ``/EventSourcing/UndecodableEvent``.
    mutating func callAsFunction<Event: DomainEvent>(
        _ type: Event.Type, of aggregates: Set<Substring>
    ) throws -> [Recorded<Event>] {
        if let known = decoded[ObjectIdentifier(type)] as? [Recorded<Event>] { return known }
        var events: [Recorded<Event>] = []
        events.reserveCapacity(records.count)
        for record in records where aggregates.contains(record.type.aggregate) {
            if let event = try Recorded<Event>(decoding: record) { events.append(event) }
        }
        decoded[ObjectIdentifier(type)] = events
        return events
    }
}
