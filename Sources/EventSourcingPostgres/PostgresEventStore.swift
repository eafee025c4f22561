public import EventSourcing
public import LibPQ

/// An event store in a PostgreSQL database that was migrated with `Migrations/event_store`.
///
/// Positions are given inside of the database, by one function, under a lock that is held to the commit: the log has no
/// gaps and no reader can overtake a writer. See <doc:GaplessPositions>.
public final class PostgresEventStore: EventStore {
    private let client: PostgresClient
    private let limits: AppendLimits
    private let groupCommit: GroupCommit
    /// Announces the position of everything that this store appends.
    public let appended: PositionSignal

    public init(_ client: PostgresClient, limits: AppendLimits = AppendLimits(), appended: PositionSignal) {
        self.client = client
        self.limits = limits
        self.appended = appended
        groupCommit = GroupCommit(limits: limits.batches) { appends in
            let outcomes = try await AppendEvents.run(on: client, appends)
            if let last = outcomes.compactMap(\.position).max() { appended.advance(to: Position(last)) }
            return outcomes
        }
    }

    /// See ``EventSourcing/EventStore/append(_:to:expecting:)``.
    ///
    /// Appends of concurrent callers commit together. When the connection is lost before the answer, they are repeated:
    /// the event ids see to it that each has the effect of once.
    ///
    /// - Throws: also ``EventSourcing/StoreOverloaded``, and `PostgresError`; with the code `outcomeUnknown` when the
    ///   repetitions were cut off as well.
    public func append(
        _ events: [NewEvent], to stream: StreamName, expecting expected: ExpectedRevision
    ) async throws -> Commit {
        try limits.check(events, for: stream)
        let append = GroupCommit.Append(events: events, stream: stream, expected: expected)
        return try await groupCommit.append(append).commit(to: stream, expecting: expected)
    }

    public func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        let rows =
            switch direction {
            case .forwards:
                try await client.query(
                    ReadEvents.streamForwards, stream.tenant.rawValue, stream.rawValue,
                    (start ?? .first).rawValue, Int64(limit))
            case .backwards:
                try await client.query(
                    ReadEvents.streamBackwards, stream.tenant.rawValue, stream.rawValue,
                    start?.rawValue ?? .max, Int64(limit))
            }
        return try rows.map(RecordedEvent.init)
    }

    public func readLog(
        after start: Position?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        let rows =
            switch direction {
            case .forwards:
                try await client.query(ReadEvents.logForwards, (start ?? .start).rawValue, Int64(limit))
            case .backwards:
                try await client.query(ReadEvents.logBackwards, start?.rawValue ?? .max, Int64(limit))
            }
        return try rows.map(RecordedEvent.init)
    }

    public func head() async throws -> Position {
        let rows = try await client.query(ReadEvents.head)
        return try rows.first.map { Position(try $0.decode(Int64.self)) } ?? .start
    }
}
