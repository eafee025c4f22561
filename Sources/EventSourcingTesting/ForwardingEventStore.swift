public import EventSourcing
public import FoundationEssentials

/// An event store that passes everything on to another one, for tests that interfere with one of its methods.
public protocol ForwardingEventStore: EventStore {
    associatedtype Base: EventStore
    var base: Base { get }
}

extension ForwardingEventStore {
    /// Forwards to the base.
    public func append(_ append: Append) async throws -> AppendOutcome { try await base.append(append) }

    /// Forwards to the base.
    public func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand? {
        try await base.handledCommand(id, in: tenant)
    }

    /// Forwards to the base.
    public func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        try await base.read(stream, from: start, direction, limit: limit)
    }

    /// Forwards to the base.
    public func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        try await base.readLog(after: start, direction, matching: filter, limit: limit)
    }

    /// See ``/EventSourcing/EventReader/read(_:in:after:limit:)``.
    public func read(
        _ query: EventQuery, in tenant: TenantID, after start: Position, limit: Int
    ) async throws -> SelectedEvents {
        try await base.read(query, in: tenant, after: start, limit: limit)
    }

    /// See ``/EventSourcing/EventReader/events(withID:in:)``.
    public func events(withID id: UUID, in tenant: TenantID) async throws -> [RecordedEvent] {
        try await base.events(withID: id, in: tenant)
    }

    /// See ``/EventSourcing/EventReader/tags(of:in:)``.
    public func tags(of positions: [Position], in tenant: TenantID) async throws -> [Position: Set<EventTag>] {
        try await base.tags(of: positions, in: tenant)
    }

    /// Forwards to the base.
    public func head() async throws -> Position { try await base.head() }

    /// Forwards to the base.
    public func position(at time: Date) async throws -> Position { try await base.position(at: time) }

    /// Forwards to the base.
    public func incarnation() async throws -> UUID { try await base.incarnation() }
}
