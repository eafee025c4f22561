public import EventSourcing
import FoundationEssentials
public import LibPQ

/// Sets a projection going again whose event store was replaced, truncated or forked.
///
/// First a ``plan(for:rowsBearRepetition:)``, for a person to read; then ``heal(_:)``. The stopped runner looks from time
/// to time, and goes on by itself.
public struct PostgresProjectionHealing: Sendable {
    private let client: PostgresClient
    private let reader: any EventReader

    /// - Parameters:
    ///   - reader: the event store as it is now.
    ///   - client: of the read database.
    public init(reading reader: any EventReader, in client: PostgresClient) {
        self.reader = reader
        self.client = client
    }

    /// Finds out what is wrong with the checkpoints of a projection, and what to do.
    ///
    /// Two logs are the same up to a position when the same event is there in both: ids are never used again, and a log
    /// changes at its end only. The checkpoints of all partitions and the parked events are what is known of the old log.
    ///
    /// - Parameter rowsBearRepetition: whether rows come out right when events are applied to them again, and whether rows
    ///   that lost events have left behind may stay. Only then is rewinding proposed; totals, for one, do not bear it.
    /// - Throws: ``/EventSourcing/ProjectionNotFound``.
    public func plan(
        for projection: String, rowsBearRepetition: Bool = false
    ) async throws -> ProjectionHealingPlan {
        let found = try await client.query(Checkpoints.all, projection).map(StoredCheckpoint.init)
        guard !found.isEmpty else { throw ProjectionNotFound(projection) }
        let present = found.map(\.checkpoint)
        let cause = try await cause(present, projection)
        func plan(_ remedy: ProjectionHealingPlan.Remedy, _ healed: [Checkpoint]) -> ProjectionHealingPlan {
            ProjectionHealingPlan(
                projection: projection, cause: cause, remedy: remedy, present: present, healed: healed,
                versions: found.map(\.version))
        }
        guard cause != nil else { return plan(.none, present) }
        var shared: [Checkpoint?] = []
        for checkpoint in present { shared.append(try await matching(checkpoint)) }
        let adopted = shared.compactMap(\.self)
        if adopted.count == present.count { return plan(.adopt, adopted) }
        guard rowsBearRepetition, let goal = try await newest(adopted, projection) else {
            return plan(.rebuild, present)
        }
        return plan(.rewind(to: goal), shared.map { $0 ?? goal })
    }

    /// Carries a plan out, in one transaction.
    ///
    /// - Throws: ``/EventSourcing/CheckpointMoved`` when the projection has changed since the plan was made: make
    ///   another one; ``/EventSourcing/ProjectionNeedsRebuild`` when that is the plan. Nothing has changed then.
    public func heal(_ plan: ProjectionHealingPlan) async throws {
        if plan.remedy == .none { return }
        guard plan.remedy != .rebuild else { throw ProjectionNeedsRebuild(plan.projection) }
        try await client.transaction { transaction in
            let held = try await transaction.query(Checkpoints.hold, plan.projection).map(StoredCheckpoint.init)
            guard held.map(\.version) == plan.versions else {
                throw CheckpointMoved(projection: plan.projection, partition: 0)
            }
            try await transaction.execute(
                Self.set, plan.projection, plan.healed.indices.map(Int32.init),
                plan.healed.map(\.position.rawValue), plan.healed.map(\.incarnation), plan.healed.map(\.eventID))
            try await transaction.execute(Self.forget, plan.projection)
        }
    }

    private func cause(_ checkpoints: [Checkpoint], _ projection: String) async throws -> ProjectionStopped? {
        for checkpoint in checkpoints {
            do { _ = try await reader.verify(checkpoint, of: projection) } catch let error as ProjectionStopped {
                return error
            }
        }
        return nil
    }

    /// The checkpoint as one of the log that is there now; nil when there is another event or none. One that does not
    /// know its event proves nothing.
    private func matching(_ checkpoint: Checkpoint) async throws -> Checkpoint? {
        let incarnation = try await reader.incarnation()
        guard checkpoint.position > .start else {
            return Checkpoint(incarnation: incarnation, position: .start, eventID: nil)
        }
        let before = Position(checkpoint.position.rawValue - 1)
        let event = try await reader.readLog(after: before, .forwards, limit: 1).first
        guard let event, event.position == checkpoint.position, event.id == checkpoint.eventID else { return nil }
        return Checkpoint(incarnation: incarnation, position: event.position, eventID: event.id)
    }

    /// The newest of the checkpoints and of the parked events that stand in both logs; the start proves nothing.
    private func newest(_ checkpoints: [Checkpoint], _ projection: String) async throws -> Checkpoint? {
        let known = checkpoints.max { $0.position < $1.position }.flatMap { $0.position > .start ? $0 : nil }
        let parked = try await client.query(Self.parked, projection, known?.position.rawValue ?? 0)
        for row in parked {
            let (position, id) = try row.decode(Int64.self, UUID.self)
            let checkpoint = Checkpoint(incarnation: nil, position: Position(position), eventID: id)
            if let shared = try await matching(checkpoint) { return shared }
        }
        return known
    }
}

extension PostgresProjectionHealing {
    /// $1 projection, $2 partitions, then an array each of the checkpoints: $3 positions, $4 incarnations, $5 event ids
    private static let set = PostgresStatement(
        """
        update checkpoints c set version = c.version + 1, position = h.position, incarnation = h.incarnation,
               event_id = h.event_id, updated_at = clock_timestamp()
        from unnest($2::integer[], $3::bigint[], $4::uuid[], $5::uuid[]) as h (partition, position, incarnation, event_id)
        where c.projection = $1 and c.partition = h.partition
        """)

    /// $1 projection. What is parked beyond the checkpoint is met again there.
    private static let forget = PostgresStatement(
        """
        delete from parked_events e using checkpoints c
        where e.projection = $1 and c.projection = $1 and c.partition = e.partition and e.position > c.position
        """)

    /// $1 projection, $2 position before the first
    private static let parked = PostgresStatement(
        """
        select position, event_id from parked_events where projection = $1 and position > $2
        order by position desc limit 1000
        """)
}
