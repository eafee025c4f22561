public import EventSourcing
import FoundationEssentials
public import LibPQ

/// Single rows of a projection beside what the events of their streams say: to look, to compare, and to mend.
///
/// A row is compared at the position that its partition has reached, while the partition is held there by a lock on its
/// checkpoint: an owner that wants to commit waits for the moment that it takes to read one stream. The checkpoint does
/// not move. Parked and skipped events count as not applied, as they do in the stored row.
public struct PostgresProjectedRows<Projection: StreamRowProjection>: Sendable where Projection.Row: Equatable {
    private let name: String
    private let projection: Projection
    private let table: PostgresTable<Projection.Key, Projection.Row>
    private let reader: any EventReader
    private let client: PostgresClient

    /// - Parameters:
    ///   - name: of the ``PostgresProjection`` that the table belongs to.
    ///   - client: of the read database.
    public init(
        of name: String, _ projection: Projection, table: PostgresTable<Projection.Key, Projection.Row>,
        reading reader: any EventReader, in client: PostgresClient
    ) {
        self.name = name
        self.projection = projection
        self.table = table
        self.reader = reader
        self.client = client
    }

    /// The row as all events of its stream say, whether or not the projection has come as far; nil when there is none.
    ///
    /// - Throws: ``/EventSourcing/UndecodableEvent``, ``/EventSourcing/PoisonEvent``.
    public func getProjection(_ key: Projection.Key) async throws -> Projection.Row? {
        try await projection.row(key, reading: reader)
    }

    /// Whether the stored row, or its absence, is what the events say that the projection has applied.
    ///
    /// - Throws: as ``updateProjection(_:)``.
    public func hasProjection(_ key: Projection.Key) async throws -> Bool {
        try await compared(key) { stored, folded, _, _ in stored == folded }
    }

    /// Makes the stored row what the events say that the projection has applied. The partition gets another version, so
    /// that its owner does not go on from the row as it was.
    ///
    /// - Returns: whether it was another one.
    /// - Throws: ``/EventSourcing/ProjectionNotFound``; ``/EventSourcing/ProjectionStopped`` when the event store is no longer
    ///   the one that was applied: heal the projection first.
    @discardableResult
    public func updateProjection(_ key: Projection.Key) async throws -> Bool {
        try await compared(key) { [table, name] stored, folded, partition, transaction in
            guard stored != folded else { return false }
            try await transaction.execute(Checkpoints.addVersion, name, Int32(partition))
            try await transaction.execute(
                try folded.map { try table.save([(key: key, row: $0)]) } ?? table.delete([key]))
            return true
        }
    }

    private func compared(
        _ key: Projection.Key,
        _ body: (Projection.Row?, Projection.Row?, Int, borrowing PostgresTransaction) async throws -> Bool
    ) async throws -> Bool {
        let stream = try projection.stream(of: key)
        return try await client.transaction { transaction in
            let held = try await transaction.query(Checkpoints.hold, name).map(StoredCheckpoint.init)
            guard !held.isEmpty else { throw ProjectionNotFound(name) }
            let number = Partitioning(held.count).partition(of: stream)
            let (checkpoint, version) = (held[number].checkpoint, held[number].version)
            _ = try await reader.verify(checkpoint, of: name)
            let parked = try await transaction.query(
                Self.parked, name, stream.tenant.rawValue, stream.rawValue
            ).map { Position(try $0.decode(Int64.self)) }
            let folded = try await projection.row(
                key, reading: reader, upTo: checkpoint.position, without: Set(parked))
            let stored = try await table.rows(of: [key], in: PostgresPartition(of: name, number, version: version)) {
                try await transaction.query($0)
            }
            return try await body(stored[key], folded, number, transaction)
        }
    }

    /// $1 projection, $2 tenant, $3 stream
    private static var parked: PostgresStatement {
        "select position from parked_events where projection = $1 and tenant = $2 and stream = $3"
    }
}
