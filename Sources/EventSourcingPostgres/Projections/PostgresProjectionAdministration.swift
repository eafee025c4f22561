public import EventSourcing
import FoundationEssentials
public import LibPQ

/// The administration of the projections in a read database, which was migrated with `Migrations/read_db`.
public struct PostgresProjectionAdministration: ProjectionAdministration {
    private let client: PostgresClient

    /// - Parameter client: of the read database.
    public init(_ client: PostgresClient) { self.client = client }

    /// See ``/EventSourcing/ProjectionAdministration/projections()``.
    public func projections() async throws -> [ProjectionStatus] {
        let partitions = Dictionary(grouping: try await client.query(Self.partitions).map(Self.partition), by: \.0)
        return try await client.query(Self.projections).map { row in
            let (projection, wanted, pausedAt, reason, streams, events) = try row.decode(
                String.self, Int32.self, Date?.self, String?.self, Int64.self, Int64.self)
            return ProjectionStatus(
                projection: projection, partitions: (partitions[projection] ?? []).map(\.1),
                wantedPartitions: Int(wanted), parkedStreams: Int(streams), parkedEvents: Int(events),
                pause: pausedAt.map { ProjectionStall(since: $0, reason: reason ?? "") })
        }
    }

    private static func partition(_ row: PostgresRow) throws -> (String, ProjectionStatus.Partition) {
        let (projection, position, incarnation, eventID, updatedAt, since, reason) = try row.decode(
            String.self, Int64.self, UUID?.self, UUID?.self, Date.self, Date?.self, String?.self)
        let checkpoint = Checkpoint(incarnation: incarnation, position: Position(position), eventID: eventID)
        let stall = since.map { ProjectionStall(since: $0, reason: reason ?? "") }
        return (projection, ProjectionStatus.Partition(checkpoint: checkpoint, updatedAt: updatedAt, stall: stall))
    }

    /// See ``/EventSourcing/ProjectionAdministration/parkedEvents(of:after:limit:)``.
    public func parkedEvents(
        of projection: String, after position: Position, limit: Int
    ) async throws -> [ParkedEventStatus] {
        try await client.query(Self.parkedEvents, projection, position.rawValue, Int64(limit)).map { row in
            let (position, tenant, stream, id, type, parkedAt, attempts, reason, isToBeRetried, skippedAt, skipReason) =
                try row.decode(
                    Int64.self, String.self, String.self, UUID.self, String.self, Date.self, Int32.self, String?.self,
                    Bool.self, Date?.self, String?.self)
            return ParkedEventStatus(
                position: Position(position),
                stream: StreamName(stored: stream, tenant: TenantID(stored: tenant)), eventID: id, type: type,
                parkedAt: parkedAt, attempts: Int(attempts), reason: reason, isToBeRetried: isToBeRetried,
                skip: skippedAt.map { ProjectionStall(since: $0, reason: skipReason ?? "") })
        }
    }

    /// See ``/EventSourcing/ProjectionAdministration/retry(_:in:)``.
    public func retry(_ stream: StreamName, in projection: String) async throws {
        try await changing(projection) { transaction in
            let requested = try await transaction.execute(Self.retry, projection, stream.rawValue)
            guard requested.affectedRows > 0 else { throw StreamNotParked(stream, in: projection) }
        }
    }

    /// See ``/EventSourcing/ProjectionAdministration/skip(firstOf:in:reason:)``.
    @discardableResult
    public func skip(firstOf stream: StreamName, in projection: String, reason: String) async throws -> Position {
        try await changing(projection) { transaction in
            guard let first = try await transaction.query(Self.skip, projection, stream.rawValue, reason).first else {
                throw StreamNotParked(stream, in: projection)
            }
            try await transaction.execute(Self.retry, projection, stream.rawValue)
            return Position(try first.decode(Int64.self))
        }
    }

    /// See ``/EventSourcing/ProjectionAdministration/pause(_:reason:)``.
    public func pause(_ projection: String, reason: String) async throws {
        try await changing(projection) { try await $0.execute(Self.pause, projection, reason) }
    }

    /// See ``/EventSourcing/ProjectionAdministration/resume(_:)``.
    public func resume(_ projection: String) async throws {
        try await changing(projection) { try await $0.execute(Self.resume, projection) }
    }

    /// See ``/EventSourcing/ProjectionAdministration/setPartitions(of:to:)``.
    public func setPartitions(of projection: String, to partitions: Partitioning) async throws {
        try await changing(projection) {
            try await $0.execute(Self.setPartitions, projection, Int32(partitions.count))
        }
    }

    /// Locks all partitions of the projection for a change, and gives each the next version.
    ///
    /// - Throws: ``/EventSourcing/ProjectionNotFound``.
    @discardableResult
    private func changing<Answer>(
        _ projection: String, _ body: (borrowing PostgresTransaction) async throws -> Answer
    ) async throws -> Answer {
        try await client.transaction { transaction in
            let changed = try await transaction.execute(Self.addVersion, projection)
            guard changed.affectedRows > 0 else { throw ProjectionNotFound(projection) }
            return try await body(transaction)
        }
    }
}

extension PostgresProjectionAdministration {
    private static let projections = PostgresStatement(
        """
        select p.projection, p.wanted_partitions, p.paused_at, p.pause_reason,
               count(distinct (e.tenant, e.stream)) filter (where e.stream is not null), count(e.position)
        from projections p left join parked_events e on e.projection = p.projection and e.skipped_at is null
        group by p.projection order by p.projection
        """)

    private static let partitions = PostgresStatement(
        """
        select projection, position, incarnation, event_id, updated_at, stalled_since, stalled_on
        from checkpoints order by projection, partition
        """)

    /// $1 projection, $2 position before the first, $3 limit
    private static let parkedEvents = PostgresStatement(
        """
        select position, tenant, stream, event_id, type, parked_at, attempts, reason, retry_requested, skipped_at,
               skip_reason
        from parked_events where projection = $1 and position > $2 order by position limit $3
        """)

    /// $1 projection. In the order of the partitions, as everybody who locks several of them.
    private static let addVersion = PostgresStatement(
        """
        update checkpoints c set version = c.version + 1
        from (select partition from checkpoints where projection = $1 order by partition for update) p
        where c.projection = $1 and c.partition = p.partition
        """)

    /// $1 projection, $2 stream
    private static let retry = PostgresStatement(
        """
        update parked_events set retry_requested = true
        where projection = $1 and stream = $2 and skipped_at is null
        """)

    /// $1 projection, $2 stream, $3 reason
    private static let skip = PostgresStatement(
        """
        update parked_events set skipped_at = clock_timestamp(), skip_reason = $3, retry_requested = false
        where projection = $1 and position = (
            select min(position) from parked_events
            where projection = $1 and stream = $2 and skipped_at is null)
        returning position
        """)

    /// $1 projection, $2 reason
    private static let pause = PostgresStatement(
        "update projections set paused_at = clock_timestamp(), pause_reason = $2 where projection = $1")

    /// $1 projection
    private static let resume = PostgresStatement(
        "update projections set paused_at = null, pause_reason = null where projection = $1")

    /// $1 projection, $2 partitions
    private static let setPartitions = PostgresStatement(
        "update projections set wanted_partitions = $2 where projection = $1")
}
