public import EventSourcing
import FoundationEssentials
public import LibPQ

/// Snapshots in the database of the event store, through the functions in `Migrations/event_store/functions`.
public struct PostgresSnapshotStore: SnapshotStore {
    private let client: PostgresClient

    /// Takes a client of the event store's database.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/SnapshotStore/latest(of:)``.
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

    /// See ``/EventSourcing/SnapshotStore/save(_:)``.
    public func save(_ snapshot: Snapshot) async throws {
        try await client.execute(
            Self.save.call(naming: [
                "tenant": snapshot.stream.tenant.rawValue, "name": snapshot.name,
                "schema_version": Int32(snapshot.schema), "revision": snapshot.revision.rawValue,
                "position": snapshot.position.rawValue, "event_id": snapshot.eventID,
                "state": snapshot.state.bytes, "checksum": snapshot.checksum, "taken_at": snapshot.takenAt,
            ]))
    }

    /// See ``/EventSourcing/SnapshotStore/delete(of:)``.
    public func delete(of stream: StreamName) async throws {
        try await client.execute(Self.delete, stream.tenant.rawValue, Snapshot.name(of: stream))
    }

    /// $1 tenant, $2 name
    private static let latest = PostgresStatement("select * from event_store.latest_snapshot($1, $2)")

    private static let save = PostgresStatement(
        """
        select event_store.save_snapshot(
            :tenant, :name, :schema_version, :revision, :position, :event_id, :state, :checksum, :taken_at)
        """)

    /// $1 tenant, $2 name
    private static let delete = PostgresStatement("select event_store.delete_snapshot($1, $2)")
}
