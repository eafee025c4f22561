public import EventSourcing
import FoundationEssentials
public import LibPQ

/// The administration of data subjects' keys, by a client that has the role ``PostgresEventStoreAdministration/role``.
/// It can destroy keys and cannot read them.
public struct PostgresSubjectKeyAdministration: SubjectKeyAdministration {
    private let client: PostgresClient

    /// Takes a client in a role that may administer: the owner's, or `event_store_administrator`.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/SubjectKeyAdministration/destroyKey(leaving:)``.
    ///
    /// - Throws: `PostgresError`.
    public func destroyKey(leaving tombstone: SubjectTombstone) async throws -> SubjectTombstone {
        guard case .pending(let notice) = tombstone.notice else { return tombstone }
        let rows = try await repeatingWhenUnknown {
            try await client.execute(
                Self.destroySubjectKey.call(naming: [
                    "tenant": tombstone.tenant.rawValue, "subject": tombstone.subject.rawValue,
                    "reason": tombstone.reason, "actor": tombstone.actor, "destroyed_at": tombstone.destroyedAt,
                    "notice_id": notice.id, "notice_type": notice.type.rawValue, "notice_data": notice.data.bytes,
                    "notice_metadata": notice.metadata.bytes,
                ]))
        }
        return try rows.first.map(SubjectTombstone.init) ?? tombstone
    }

    /// See ``/EventSourcing/SubjectKeyAdministration/pendingNotices(limit:)``.
    public func pendingNotices(limit: Int) async throws -> [SubjectTombstone] {
        try await client.query(Self.pendingNotices, Int64(limit)).map(SubjectTombstone.init)
    }

    /// See ``/EventSourcing/SubjectKeyAdministration/noticeAppended(_:at:)``.
    public func noticeAppended(_ tombstone: SubjectTombstone, at position: Position) async throws {
        _ = try await repeatingWhenUnknown {
            try await client.execute(
                Self.noticeAppended, tombstone.tenant.rawValue, tombstone.subject.rawValue, position.rawValue)
        }
    }

    /// The columns of a tombstone, as ``/EventSourcing/SubjectTombstone/init(_:)`` decodes them.
    private static let columns = """
        tenant, subject, reason, actor, destroyed_at, notice_id, notice_type, notice_data, notice_metadata,
        notice_position
        """

    private static let destroySubjectKey = PostgresStatement(
        """
        select \(columns) from event_store.destroy_subject_key(
            :tenant, :subject, :reason, :actor, :destroyed_at,
            :notice_id, :notice_type, :notice_data, :notice_metadata)
        """)

    /// $1 the most tombstones to return
    private static let pendingNotices = PostgresStatement(
        "select \(columns) from event_store.pending_subject_notices($1)")

    /// $1 tenant, $2 subject, $3 position
    private static let noticeAppended = PostgresStatement("select event_store.subject_notice_appended($1, $2, $3)")
}

extension SubjectTombstone {
    fileprivate init(_ row: PostgresRow) throws {
        let (tenant, subject, reason, actor, destroyedAt, id, type, data, metadata, position) = try row.decode(
            String.self, String.self, String.self, String.self, Date.self, UUID?.self, String?.self, [UInt8]?.self,
            [UInt8]?.self, Int64?.self)
        let notice: Notice
        if let id, let type, let data, let metadata {
            notice = .pending(
                NewEvent(
                    id: id, type: try EventType(type), data: EventPayload(bytes: data),
                    metadata: EventPayload(bytes: metadata)))
        } else {
            notice = .appended(Position(position ?? 0))
        }
        self.init(
            tenant: TenantID(stored: tenant), subject: DataSubject(stored: subject), reason: reason, actor: actor,
            destroyedAt: destroyedAt, notice: notice)
    }
}
