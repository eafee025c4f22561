public import EventSourcing
public import LibPQ

/// A row projection with its table and its checkpoint in one PostgreSQL database, which was migrated with
/// `Migrations/read_db`.
///
/// The rows of a batch and the checkpoint commit together, and the checkpoint moves only from where it was read: an
/// event is applied exactly once in effect, whoever runs the projection and wherever it is interrupted.
public struct PostgresProjection<Projection: RowProjection, Table: PostgresRowTable>: ProjectionTarget
where Table.Key == Projection.Key, Table.Row == Projection.Row {
    public let name: String
    private let projection: Projection
    private let table: Table
    private let client: PostgresClient
    /// The aggregates whose events the projection reads; those of others pass by.
    private let aggregates = Set(Projection.Event.Name.allCases.compactMap { try? EventType($0.rawValue).aggregate })

    /// - Parameters:
    ///   - name: the key of the checkpoint; it never changes.
    ///   - client: of the read database.
    public init(_ name: String, _ projection: Projection, table: Table, in client: PostgresClient) {
        self.name = name
        self.projection = projection
        self.table = table
        self.client = client
    }

    public func checkpoint() async throws -> Position {
        let rows = try await client.query(Checkpoints.select, name)
        return try rows.first.map { Position(try $0.decode(Int64.self)) } ?? .start
    }

    public func apply(_ events: [RecordedEvent], from old: Position, to new: Position) async throws {
        let decoded = try events.filter { aggregates.contains($0.type.aggregate) }
            .compactMap(Recorded<Projection.Event>.init)
        let keys = Array(Set(decoded.compactMap(projection.key)))
        try await client.transaction { transaction in
            let moved = try await transaction.execute(Checkpoints.move, name, old.rawValue, new.rawValue)
            guard moved.affectedRows == 1 else { throw CheckpointMoved(projection: name, expected: old) }
            guard !keys.isEmpty else { return }
            let rows = try await table.load(keys, in: transaction)
            let folded = projection.fold(decoded, into: rows)
            let kept = folded.compactMap { key, row in row.map { (key: key, row: $0) } }
            let gone = folded.compactMap { key, row in row == nil && rows[key] != nil ? key : nil }
            if !kept.isEmpty { try await table.save(kept, in: transaction) }
            if !gone.isEmpty { try await table.delete(gone, in: transaction) }
        }
    }
}

/// The statements on the table `checkpoints`.
private enum Checkpoints {
    /// $1 projection
    static let select = PostgresStatement("select position from checkpoints where projection = $1")

    /// $1 projection, $2 where it has to be, $3 where it goes. The first move inserts the row.
    static let move = PostgresStatement(
        """
        insert into checkpoints as c (projection, position)
        select $1, $3 where $2 = 0 or exists (select from checkpoints where projection = $1)
        on conflict (projection) do update
        set position = excluded.position, updated_at = clock_timestamp() where c.position = $2
        """)
}
