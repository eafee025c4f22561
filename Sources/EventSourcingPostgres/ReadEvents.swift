import EventSourcing
import FoundationEssentials
import LibPQ

/// The statements that read; what they call is in `Migrations/event_store/functions`.
enum ReadEvents {
    /// Of each stream: $1 tenants, $2 streams, $3 first revisions, $4 limits
    static let streams = PostgresStatement("select * from event_store.read_streams($1, $2, $3, $4)")

    /// $1 tenant, $2 stream, $3 the revision to begin with or null, $4 limit
    static let streamBackwards = PostgresStatement("select * from event_store.read_stream_backwards($1, $2, $3, $4)")

    /// $1 position before the first or null, $2 whether backwards, $3 limit
    static let log = PostgresStatement("select * from event_store.read_log($1, $2, $3)")

    /// As ``log``, with a condition each or null.
    static let logMatching = PostgresStatement(
        """
        select * from event_store.read_log_matching(
            :after_position, :backwards, :max_events, :of_tenant, :categories, :types, :type_prefixes)
        """)

    static let selected = PostgresStatement(
        """
        select * from event_store.read_selected(
            :of_tenant, :after_position, :max_events, :clause_streams, :clause_types, :clause_tags)
        """)

    /// $1 tenant, $2 event id
    static let eventsByID = PostgresStatement("select * from event_store.events_by_id($1, $2)")

    /// $1 tenant, $2 positions
    static let eventTags = PostgresStatement("select * from event_store.event_tags($1, $2)")

    static let incarnation = PostgresStatement("select event_store.incarnation()")

    static let head = PostgresStatement("select event_store.head()")

    /// $1 time
    static let positionAt = PostgresStatement("select event_store.position_at($1)")

    static let clockReport = PostgresStatement("select * from event_store.clock_report()")

    /// $1 tenant, $2 command id
    static let handledCommand = PostgresStatement("select * from event_store.command_outcome($1, $2)")
}

extension RecordedEvent {
    /// Decodes a row of ``ReadEvents/streams`` or ``ReadEvents/streamBackwards``.
    init(_ row: PostgresRow, of stream: StreamName) throws {
        var columns = row.columns
        let envelope = try StoredEnvelope(&columns)
        self.init(envelope, of: stream)
    }

    /// Decodes a row of ``ReadEvents/log``, ``ReadEvents/logMatching`` or ``ReadEvents/eventsByID``.
    init(_ row: PostgresRow) throws {
        var columns = row.columns
        try self.init(&columns)
    }

    /// Decodes the same columns.
    init(_ columns: inout PostgresRow.Columns) throws {
        let envelope = try StoredEnvelope(&columns)
        let tenant = TenantID(stored: try columns.next())
        self.init(envelope, of: StreamName(stored: try columns.next(), tenant: tenant))
    }

    private init(_ envelope: StoredEnvelope, of stream: StreamName) {
        self.init(
            position: Position(envelope.position), stream: stream, revision: Revision(envelope.revision),
            id: envelope.id, type: EventType(stored: envelope.type, schemaVersion: Int(envelope.schemaVersion)),
            data: EventPayload(bytes: envelope.data), metadata: EventPayload(bytes: envelope.metadata),
            recordedAt: envelope.recordedAt, number: envelope.number)
    }
}

/// The columns that every row of an event begins with.
private struct StoredEnvelope {
    let position: Int64
    let revision: Int64
    let recordedAt: Date
    let id: UUID
    let type: String
    let schemaVersion: Int32
    let data: [UInt8]
    let metadata: [UInt8]
    let number: Int64?

    init(_ columns: inout PostgresRow.Columns) throws {
        position = try columns.next()
        revision = try columns.next()
        recordedAt = try columns.next()
        id = try columns.next()
        type = try columns.next()
        schemaVersion = try columns.next()
        data = try columns.next()
        metadata = try columns.next()
        number = try columns.next()
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
