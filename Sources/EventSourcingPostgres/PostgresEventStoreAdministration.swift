public import EventSourcing
public import FoundationEssentials
public import LibPQ

/// The administration of an event store in PostgreSQL, by a client that has the role ``role``.
public struct PostgresEventStoreAdministration: EventStoreAdministration {
    /// The role that may redact, archive and purge. Give it to the client's configuration, as its `role`.
    public static let role = "event_store_administrator"

    /// How many rows one transaction moves or removes, so that none is long.
    private static let step: Int64 = 10_000

    let client: PostgresClient

    /// Takes a client in a role that may administer: the owner's, or `event_store_administrator`.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/EventStoreAdministration/redact(_:of:reason:in:)``.
    public func redact(
        _ revision: Revision, of stream: StreamName, reason: String, in context: MessageContext
    ) async throws -> Bool {
        guard stream.tenant == context.tenant else { throw TenantMismatch(stream: stream, tenant: context.tenant) }
        let rows = try await client.query(
            ReadEvents.streams, [stream.tenant.rawValue], [stream.rawValue], [revision.rawValue], [Int64(1)])
        guard let event = try rows.first.map({ try RecordedEvent($0, of: stream) }), event.revision == revision else {
            throw EventNotFound(stream: stream, revision: revision)
        }
        let notice = try RedactionEvent.notice(of: event, reason: reason, in: context)
        let answer = try await client.execute(
            Self.redactEvent.call(naming: [
                "tenant": stream.tenant.rawValue, "stream": stream.rawValue, "revision": revision.rawValue,
                "reason": reason, "actor": context.user?.id ?? context.source,
                "notice_stream": notice.stream.rawValue, "notice_id": notice.event.id,
                "notice_type": notice.event.type.rawValue, "notice_data": notice.event.data.bytes,
                "notice_metadata": notice.event.metadata.bytes,
            ]))
        return try answer.first?.decode(Int64?.self) != nil
    }

    /// See ``/EventSourcing/EventStoreAdministration/events(withID:in:)``.
    public func events(withID id: UUID, in tenant: TenantID) async throws -> [RecordedEvent] {
        try await client.query(ReadEvents.eventsByID, tenant.rawValue, id).map(RecordedEvent.init)
    }

    /// See ``/EventSourcing/EventStoreAdministration/archive(before:)``.
    public func archive(before position: Position) async throws -> Int {
        try await repeating { try await client.execute(Self.archiveEvents, position.rawValue, Self.step) }
    }

    /// See ``/EventSourcing/EventStoreAdministration/restore(_:)``.
    public func restore(_ stream: StreamName) async throws -> Int {
        let rows = try await client.execute(Self.restoreStream, stream.tenant.rawValue, stream.rawValue)
        return try rows.first.map { Int(try $0.decode(Int64.self)) } ?? 0
    }

    /// See ``/EventSourcing/EventStoreAdministration/purgeCommands(handledBefore:)``.
    public func purgeCommands(handledBefore time: Date) async throws -> Int {
        try await repeating { try await client.execute(Self.purgeCommands, time, Self.step) }
    }

    /// Takes steps until one finds nothing more to do; the sum of their counts.
    private func repeating(_ step: () async throws -> PostgresRows) async throws -> Int {
        var total = 0
        while let count = try await step().first?.decode(Int64.self), count > 0 { total += Int(count) }
        return total
    }

    private static let redactEvent = PostgresStatement(
        """
        select event_store.redact_event(
            :tenant, :stream, :revision, :reason, :actor,
            :notice_stream, :notice_id, :notice_type, :notice_data, :notice_metadata)
        """)

    /// $1 position, $2 the most events to move
    private static let archiveEvents = PostgresStatement("select event_store.archive_events($1, $2)")

    /// $1 tenant, $2 stream
    private static let restoreStream = PostgresStatement("select event_store.restore_stream($1, $2)")

    /// $1 time, $2 the most commands to forget
    private static let purgeCommands = PostgresStatement("select event_store.purge_commands($1, $2)")
}
