public import FoundationEssentials

/// The reading half of an event store: what projections and subscriptions may reach.
///
/// The pages here are what a store implements; ``events(of:from:_:pageSize:)`` and ``log(after:_:matching:pageSize:)``
/// read any number of events with bounded memory.
public protocol EventReader: Sendable {
    /// Events of one stream, in the order of reading.
    ///
    /// - Parameters:
    ///   - start: the first revision to read, included; nil begins at the end that the direction starts from.
    ///   - limit: the most events to return, at least 1.
    /// - Returns: as many events as there are up to the limit; none for a stream that does not exist.
    func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws
        -> [RecordedEvent]

    /// Events of the whole log, in the order of reading.
    ///
    /// - Parameters:
    ///   - start: the position to read on from, *excluded*; nil begins at the end that the direction starts from.
    ///   - limit: the most events to return, at least 1.
    ///   - filter: which events to return.
    func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws
        -> [RecordedEvent]

    /// Events of a tenant that a query selects, in the order of their positions.
    ///
    /// - Parameters:
    ///   - start: the position to read on from, *excluded*.
    ///   - limit: the most events to return, at least 1.
    /// - Returns: the events, and up to where there are no others; see ``AppendCondition``.
    func read(
        _ query: EventQuery, in tenant: TenantID, after start: Position, limit: Int
    ) async throws -> SelectedEvents

    /// The events of a tenant that have this id, in the order of their positions. Ids are unique within a stream; there is
    /// more than one event only if a caller has used the id for several streams.
    func events(withID id: UUID, in tenant: TenantID) async throws -> [RecordedEvent]

    /// The tags of the tenant's events at these positions; without those that have none.
    func tags(of positions: [Position], in tenant: TenantID) async throws -> [Position: Set<EventTag>]

    /// The position of the last event in the log; ``Position/start`` when it is empty.
    func head() async throws -> Position

    /// The position of the last event that was recorded at or before a time; ``Position/start`` when there is none.
    func position(at time: Date) async throws -> Position

    /// What tells this log from every other one, also from one that replaces it in the same place.
    func incarnation() async throws -> UUID
}

/// Which way events are read.
public enum ReadDirection: Hashable, Sendable {
    case forwards
    case backwards
}

extension EventReader {
    /// Events of the whole log, all tenants and streams; see ``readLog(after:_:matching:limit:)``.
    public func readLog(
        after start: Position?, _ direction: ReadDirection, limit: Int
    ) async throws
        -> [RecordedEvent]
    {
        try await readLog(after: start, direction, matching: .all, limit: limit)
    }

    /// Every event of a stream from `start` on, in pages of `pageSize` after a first one of at most 100, which is all for
    /// most streams.
    public func readAll(
        _ stream: StreamName, from start: Revision = .first, pageSize: Int = 500,
        _ consume: (RecordedEvent) throws -> Void
    ) async throws {
        var (next, limit) = (start, min(100, pageSize))
        while true {
            let page = try await read(stream, from: next, .forwards, limit: limit)
            for event in page { try consume(event) }
            guard page.count == limit, let last = page.last else { return }
            (next, limit) = (last.revision.next, pageSize)
        }
    }
}
