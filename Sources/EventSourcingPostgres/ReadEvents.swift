import EventSourcing
import FoundationEssentials
import LibPQ

/// The statements that read, as `0005_read_events.sql` states their functions, but `0011_dense_filters.sql` that of
/// ``logMatching``, and `0012_sequences_and_outcomes.sql` that of the commands.
enum ReadEvents {
    /// Of each stream: $1 tenants, $2 streams, $3 first revisions, $4 limits
    static let streams = PostgresStatement("select * from event_store.read_streams($1, $2, $3, $4)")

    /// $1 tenant, $2 stream, $3 the revision to begin with or null, $4 limit
    static let streamBackwards = PostgresStatement("select * from event_store.read_stream_backwards($1, $2, $3, $4)")

    /// $1 position before the first or null, $2 whether backwards, $3 limit
    static let log = PostgresStatement("select * from event_store.read_log($1, $2, $3)")

    /// $1 to $3 as of ``log``, then a condition each or null: $4 tenant, $5 categories, $6 types, $7 type prefixes
    static let logMatching = PostgresStatement(
        "select * from event_store.read_log_matching($1, $2, $3, $4, $5, $6, $7)")

    static let incarnation = PostgresStatement("select event_store.incarnation()")

    static let head = PostgresStatement("select event_store.head()")

    /// $1 time
    static let positionAt = PostgresStatement("select event_store.position_at($1)")

    /// $1 tenant, $2 command id
    static let handledCommand = PostgresStatement("select * from event_store.command_outcome($1, $2)")
}

extension RecordedEvent {
    /// Decodes a row of ``ReadEvents/streams`` or ``ReadEvents/streamBackwards``.
    init(_ row: PostgresRow, of stream: StreamName) throws {
        let (position, revision, recordedAt, id, type, schemaVersion, data, metadata) = try row.decode(
            Int64.self, Int64.self, Date.self, UUID.self, String.self, Int32.self, [UInt8].self, [UInt8].self)
        self.init(
            position: Position(position), stream: stream, revision: Revision(revision), id: id,
            type: EventType(stored: type, schemaVersion: Int(schemaVersion)),
            data: EventPayload(bytes: data), metadata: EventPayload(bytes: metadata), recordedAt: recordedAt)
    }

    /// Decodes a row of ``ReadEvents/log`` or ``ReadEvents/logMatching``.
    init(_ row: PostgresRow) throws {
        let (position, revision, recordedAt, id, type, schemaVersion, data, metadata, tenant, stream) = try row.decode(
            Int64.self, Int64.self, Date.self, UUID.self, String.self, Int32.self, [UInt8].self, [UInt8].self,
            String.self, String.self)
        self.init(
            position: Position(position), stream: StreamName(stored: stream, tenant: TenantID(stored: tenant)),
            revision: Revision(revision), id: id, type: EventType(stored: type, schemaVersion: Int(schemaVersion)),
            data: EventPayload(bytes: data), metadata: EventPayload(bytes: metadata), recordedAt: recordedAt)
    }
}

extension HandledCommand {
    /// Decodes a row of ``ReadEvents/handledCommand``.
    init(_ row: PostgresRow, id: String, tenant: TenantID) throws {
        let (hash, streams, revisions, position, outcome) = try row.decode(
            [UInt8].self, [String].self, [Int64].self, Int64.self, [UInt8]?.self)
        let known = zip(streams, revisions).filter { $0.1 >= 0 }.map {
            (StreamName(stored: $0.0, tenant: tenant), Revision($0.1))
        }
        self.init(
            key: try CommandKey(id: id, requestHash: hash),
            outcome: AppendOutcome(
                revisions: Dictionary(uniqueKeysWithValues: known), position: Position(position),
                commandOutcome: outcome))
    }
}
