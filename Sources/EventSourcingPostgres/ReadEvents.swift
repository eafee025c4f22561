import EventSourcing
import FoundationEssentials
import LibPQ

/// The statements that read events, and the row that they have in common.
enum ReadEvents {
    private static let columns = """
        select position, tenant, stream, revision, event_id, type, schema_version, data, metadata, recorded_at from events
        """

    /// $1 tenant, $2 stream, $3 first revision, $4 limit
    static let streamForwards = PostgresStatement(
        "\(columns) where tenant = $1 and stream = $2 and revision >= $3 order by revision limit $4")

    /// $1 tenant, $2 stream, $3 last revision, $4 limit
    static let streamBackwards = PostgresStatement(
        "\(columns) where tenant = $1 and stream = $2 and revision <= $3 order by revision desc limit $4")

    /// $1 position before the first, $2 limit
    static let logForwards = PostgresStatement("\(columns) where position > $1 order by position limit $2")

    /// $1 position after the last, $2 limit
    static let logBackwards = PostgresStatement("\(columns) where position < $1 order by position desc limit $2")

    static let head = PostgresStatement("select position from events order by position desc limit 1")
}

extension RecordedEvent {
    /// Decodes a row of ``ReadEvents``.
    init(_ row: PostgresRow) throws {
        let (position, tenant, stream, revision, id, type, schemaVersion, data, metadata, recordedAt) = try row.decode(
            Int64.self, String.self, String.self, Int64.self, UUID.self, String.self, Int32.self, [UInt8].self,
            [UInt8].self, Date.self)
        self.init(
            position: Position(position),
            stream: StreamName(stored: stream, tenant: TenantID(stored: tenant)),
            revision: Revision(revision), id: id,
            type: EventType(stored: type, schemaVersion: Int(schemaVersion)),
            data: EventPayload(bytes: data), metadata: EventPayload(bytes: metadata), recordedAt: recordedAt)
    }
}
