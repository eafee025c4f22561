public import EventSourcing
import FoundationEssentials
public import LibPQ

/// Snapshots in the database of the event store, through the functions of `0006_snapshots.sql`.
public struct PostgresSnapshotStore: SnapshotStore {
    private let client: PostgresClient

    public init(_ client: PostgresClient) { self.client = client }

    public func latest(of stream: StreamName) async throws -> Snapshot? {
        let rows = try await client.query(Self.latest, stream.tenant.rawValue, Snapshot.name(of: stream))
        return try rows.first.map { row in
            let (schema, revision, position, eventID, state, checksum, takenAt) = try row.decode(
                Int32.self, Int64.self, Int64.self, UUID.self, [UInt8].self, [UInt8].self, Date.self)
            return Snapshot(
                stored: stream, schema: Int(schema), revision: Revision(revision), position: Position(position),
                eventID: eventID, state: EventPayload(bytes: state), takenAt: takenAt, checksum: checksum)
        }
    }

    public func save(_ snapshot: Snapshot) async throws {
        try await client.execute(
            Self.save, snapshot.stream.tenant.rawValue, snapshot.name, Int32(snapshot.schema),
            snapshot.revision.rawValue, snapshot.position.rawValue, snapshot.eventID, snapshot.state.bytes,
            snapshot.checksum, snapshot.takenAt)
    }

    public func delete(of stream: StreamName) async throws {
        try await client.execute(Self.delete, stream.tenant.rawValue, Snapshot.name(of: stream))
    }

    /// $1 tenant, $2 name
    private static let latest = PostgresStatement("select * from event_store.latest_snapshot($1, $2)")

    /// $1 tenant, $2 name, $3 schema version, $4 revision, $5 position, $6 event id, $7 state, $8 checksum, $9 time
    private static let save = PostgresStatement(
        "select event_store.save_snapshot($1, $2, $3, $4, $5, $6, $7, $8, $9)")

    /// $1 tenant, $2 name
    private static let delete = PostgresStatement("select event_store.delete_snapshot($1, $2)")
}
