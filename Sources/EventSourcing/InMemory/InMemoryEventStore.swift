public import FoundationEssentials
import Synchronization

/// An event store in memory, for tests and demonstrations. It keeps every promise of ``EventStore`` but durability.
public final class InMemoryEventStore: EventStore {
    private let state = Mutex(InMemoryLog())
    private let identity = UUID()
    private let limits: AppendLimits
    private let now: @Sendable () -> Date
    /// Announces the position of every append.
    public let appended = PositionSignal()

    /// An empty store whose events are recorded at the times that `now` returns.
    public init(limits: AppendLimits = AppendLimits(), now: @escaping @Sendable () -> Date = { Date() }) {
        self.limits = limits
        self.now = now
    }

    /// See ``EventStore/append(_:)``.
    public func append(_ append: Append) async throws -> AppendOutcome {
        try limits.check(append)
        let outcome = try state.withLock { try $0.append(append, at: now()) }
        appended.advance(to: outcome.position)
        return outcome
    }

    /// See ``EventStore/handledCommand(_:in:)``.
    public func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand? {
        state.withLock { $0.commands[tenant]?[id]?.command }
    }

    /// See ``EventReader/read(_:from:_:limit:)``.
    public func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        state.withLock { log in
            let places = log.streams[stream] ?? []
            switch direction {
            case .forwards:
                return places.dropFirst(Int((start ?? .first).rawValue)).prefix(limit).map { log.events[$0] }
            case .backwards:
                let end = start.map { min(Int($0.rawValue) + 1, places.count) } ?? places.count
                return places[..<end].reversed().prefix(limit).map { log.events[$0] }
            }
        }
    }

    /// See ``EventReader/readLog(after:_:matching:limit:)``.
    public func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        state.withLock { log in
            switch direction {
            case .forwards:
                return Array(
                    log.events.dropFirst(Int((start ?? .start).rawValue)).lazy.filter(filter.matches).prefix(limit))
            case .backwards:
                let end = start.map { max(0, min(Int($0.rawValue) - 1, log.events.count)) } ?? log.events.count
                return Array(log.events[..<end].reversed().lazy.filter(filter.matches).prefix(limit))
            }
        }
    }

    /// See ``EventReader/read(_:in:after:limit:)``.
    public func read(
        _ query: EventQuery, in tenant: TenantID, after start: Position, limit: Int
    ) async throws -> SelectedEvents {
        state.withLock { log in
            let events = Array(log.events(selectedBy: query, in: tenant, after: start).prefix(limit))
            let end = Position(Int64(log.events.count))
            return SelectedEvents(events: events, position: events.count == limit ? events.last?.position ?? end : end)
        }
    }

    /// See ``EventReader/events(withID:in:)``.
    public func events(withID id: UUID, in tenant: TenantID) async throws -> [RecordedEvent] {
        state.withLock { log in log.events.filter { $0.id == id && $0.tenant == tenant } }
    }

    /// See ``EventReader/tags(of:in:)``.
    public func tags(of positions: [Position], in tenant: TenantID) async throws -> [Position: Set<EventTag>] {
        state.withLock { log in
            positions.reduce(into: [:]) { tags, position in
                let place = Int(position.rawValue) - 1
                guard log.events.indices.contains(place), log.events[place].tenant == tenant else { return }
                tags[position] = log.tags[place]
            }
        }
    }

    /// See ``EventReader/head()``.
    public func head() async throws -> Position {
        state.withLock { Position(Int64($0.events.count)) }
    }

    /// See ``EventReader/position(at:)``.
    public func position(at time: Date) async throws -> Position {
        state.withLock { log in log.events.last { $0.recordedAt <= time }?.position ?? .start }
    }

    /// See ``EventReader/incarnation()``.
    public func incarnation() async throws -> UUID { identity }
}

extension InMemoryEventStore: EventStoreAdministration {
    /// See ``EventStoreAdministration/redact(_:of:reason:in:)``.
    public func redact(
        _ revision: Revision, of stream: StreamName, reason: String, in context: MessageContext
    ) async throws -> Bool {
        guard stream.tenant == context.tenant else { throw TenantMismatch(stream: stream, tenant: context.tenant) }
        let head = try state.withLock { log -> Position? in
            guard let event = log.event(revision, of: stream) else {
                throw EventNotFound(stream: stream, revision: revision)
            }
            guard !event.isRedacted else { return nil }
            let notice = try RedactionEvent.notice(of: event, reason: reason, in: context)
            log.redact(event)
            let append = Append([StreamAppend([notice.event], to: notice.stream, expecting: .any)])
            return try log.append(append, at: now()).position
        }
        if let head { appended.advance(to: head) }
        return head != nil
    }

    /// See ``EventStoreAdministration/archive(before:)``.
    public func archive(before position: Position) async throws -> Int {
        state.withLock { $0.archive(before: position) }
    }

    /// See ``EventStoreAdministration/restore(_:)``.
    public func restore(_ stream: StreamName) async throws -> Int {
        state.withLock { $0.restore(stream) }
    }

    /// See ``EventStoreAdministration/purgeCommands(handledBefore:)``.
    public func purgeCommands(handledBefore time: Date) async throws -> Int {
        state.withLock { $0.purgeCommands(handledBefore: time) }
    }
}
