public import EventSourcing
public import FoundationEssentials
public import LibPQ

/// An event store in a PostgreSQL database that was migrated with `Migrations/event_store`.
///
/// Positions are given inside of the database, by one function, under a lock that is held to the commit: the log has no
/// gaps and no reader can overtake a writer. See <doc:GaplessPositions>. The store calls functions only; the role
/// ``serviceRole`` may do no more than that.
public final class PostgresEventStore: EventStore {
    /// The role that may append and read through the store's functions, and can name no table. Give it to the client's
    /// configuration, as its `role`.
    public static let serviceRole = "event_store_service"
    /// The locks without which nothing can be appended; the advisory one is that of `append_events`.
    public static let vitalLocks = PostgresVitalLocks(
        advisory: [7_226_481], schema: "event_store", includesWrites: true)

    let client: PostgresClient
    private let limits: AppendLimits
    private let appends: Batcher<AppendQueue<BatchWaiter<Append, AppendOutcome>>, AppendOutcome>
    private let streamReads: Batcher<StreamReadQueue<BatchWaiter<StreamRead, StreamRead.Page>>, StreamRead.Page>
    /// Announces the position of everything that this store appends.
    public let appended: PositionSignal

    /// - Parameters:
    ///   - appended: announces the position of everything that this store appends.
    ///   - tail: is given what every batch has recorded, before `appended` moves. Give it to the projections of the same
    ///     process.
    public convenience init(
        _ client: PostgresClient, limits: AppendLimits = AppendLimits(), appended: PositionSignal, tail: LogTail? = nil
    ) {
        self.init(client, limits: limits, appended: appended) { tail?.append($0, precededBy: $1) }
    }

    /// - Parameter onRecorded: is given what every batch has recorded, and the id of the event before it (nil at the
    ///   beginning of the log), before `appended` moves. With one batch in flight, it is called in the order of the
    ///   positions. It must return quickly.
    package init(
        _ client: PostgresClient, limits: AppendLimits = AppendLimits(), appended: PositionSignal,
        onRecorded: @escaping @Sendable (_ events: [RecordedEvent], _ precedingEventID: UUID?) -> Void
    ) {
        self.client = client
        self.limits = limits
        self.appended = appended
        streamReads = Batcher(StreamReadQueue(), timeout: limits.batches.timeout) { reads, bounds in
            try await StreamRead.run(reads, within: bounds, on: client)
        }
        appends = Batcher(AppendQueue(limits: limits.batches), timeout: limits.batches.timeout) { appends, bounds in
            let batch = try await AppendEvents.run(appends, within: bounds, on: client)
            if !batch.events.isEmpty { onRecorded(batch.events, batch.precedingEventID) }
            let positions = batch.outcomes.compactMap { try? $0.get().position }
            if let last = positions.max() { appended.advance(to: last) }
            return batch.outcomes
        }
    }

    /// See ``/EventSourcing/EventStore/append(_:)``.
    ///
    /// Appends of concurrent callers commit together. When the connection is lost before the answer, they are repeated:
    /// the event ids see to it that each has the effect of once.
    ///
    /// - Throws: also ``/EventSourcing/StoreOverloaded``, ``/EventSourcing/StoreTimedOut``, and `PostgresError`.
    public func append(_ append: Append) async throws -> AppendOutcome {
        try limits.check(append)
        do {
            return try await appends(append)
        } catch is AppendEvents.CommandHandledBefore {
            return try await firstOutcome(of: append)
        }
    }

    private func firstOutcome(of append: Append) async throws -> AppendOutcome {
        guard let command = append.command,
            let handled = try await handledCommand(command.id, in: append.streams[0].stream.tenant)
        else {
            // It was purged in between.
            return try await self.append(append)
        }
        return try handled.outcome(for: command)
    }
}

// MARK: - Commands

extension PostgresEventStore {
    /// See ``/EventSourcing/EventStore/handledCommand(_:in:)``.
    public func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand? {
        let rows = try await client.query(ReadEvents.handledCommand, tenant.rawValue, id)
        return try rows.first.map { try HandledCommand($0, id: id, tenant: tenant) }
    }
}

// MARK: - Reading

extension PostgresEventStore {
    /// See ``/EventSourcing/EventReader/read(_:from:_:limit:)``.
    public func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        let page: StreamRead.Page
        switch direction {
        case .forwards: page = try await streamReads(StreamRead(stream: stream, start: start ?? .first, limit: limit))
        case .backwards: page = try await StreamRead.backwards(stream, from: start, limit: limit, on: client)
        }
        return try page.map { try RecordedEvent($0, of: stream) }
    }

    /// See ``/EventSourcing/EventReader/readLog(after:_:matching:limit:)``.
    public func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        let rows =
            if filter == .all {
                try await client.query(ReadEvents.log, start?.rawValue, direction == .backwards, Int64(limit))
            } else {
                try await client.query(
                    ReadEvents.logMatching.call(naming: [
                        "after_position": start?.rawValue, "backwards": direction == .backwards,
                        "max_events": Int64(limit), "of_tenant": filter.tenant?.rawValue,
                        "categories": filter.categories?.map(\.rawValue), "types": filter.types?.map(\.rawValue),
                        "type_prefixes": filter.typePrefixes?.map(\.rawValue),
                    ]))
            }
        return try rows.map(RecordedEvent.init)
    }

    /// See ``/EventSourcing/EventReader/read(_:in:after:limit:)``.
    public func read(
        _ query: EventQuery, in tenant: TenantID, after start: Position, limit: Int
    ) async throws -> SelectedEvents {
        let clauses = ClauseArguments(query.clauses)
        let rows = try await client.query(
            ReadEvents.selected.call(naming: [
                "of_tenant": tenant.rawValue, "after_position": start.rawValue, "max_events": Int64(limit),
                "clause_streams": clauses.streams, "clause_types": clauses.types, "clause_tags": clauses.tags,
            ]))
        return try SelectedEvents(rows, limit: limit)
    }

    /// See ``/EventSourcing/EventReader/events(withID:in:)``.
    public func events(withID id: UUID, in tenant: TenantID) async throws -> [RecordedEvent] {
        try await client.query(ReadEvents.eventsByID, tenant.rawValue, id).map(RecordedEvent.init)
    }

    /// See ``/EventSourcing/EventReader/tags(of:in:)``.
    public func tags(of positions: [Position], in tenant: TenantID) async throws -> [Position: Set<EventTag>] {
        let rows = try await client.query(ReadEvents.eventTags, tenant.rawValue, positions.map(\.rawValue))
        return try rows.reduce(into: [:]) { found, row in
            let (position, tags) = try row.decode(Int64.self, String.self)
            found[Position(position)] = Set(tags.split(separator: " ").map { EventTag(stored: $0) })
        }
    }

    /// See ``/EventSourcing/EventReader/head()``.
    public func head() async throws -> Position {
        try await position(ReadEvents.head)
    }

    /// See ``/EventSourcing/EventReader/position(at:)``.
    public func position(at time: Date) async throws -> Position {
        try await position(ReadEvents.positionAt, time)
    }

    /// - Throws: also `PostgresError` when the database was not migrated.
    public func incarnation() async throws -> UUID {
        guard let row = try await client.query(ReadEvents.incarnation).first else {
            throw PostgresError(.decoding, "event_store.incarnation() has returned no row")
        }
        return try row.decode(UUID.self)
    }

    private func position<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter
    ) async throws -> Position {
        let rows = try await client.query(statement, repeat each parameter)
        return try rows.first.map { Position(try $0.decode(Int64.self)) } ?? .start
    }
}
