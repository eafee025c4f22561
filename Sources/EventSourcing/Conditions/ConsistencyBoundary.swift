public import FoundationEssentials

/// Decides on the events that a query selects, in whatever streams they are, and appends on the condition that none has
/// come since: a consistency boundary that is drawn by the question, not by a stream.
///
/// It is for rules that reach over aggregates: one account for each e-mail address, a budget over many invoices. A rule
/// within one aggregate needs no more than ``AggregateStore``.
///
/// ```swift
/// let accounts = ConsistencyBoundary<Registrations>(store)
/// try await accounts.transact(EventQuery(tags: [email]), in: context) { registrations in
///     guard registrations.isFree else { throw RegistrationError.emailTaken }
///     return [TaggedEvent(.registered, to: stream, tags: [email])]
/// }
/// ```
public struct ConsistencyBoundary<State: EventSourced>: Sendable {
    private let store: any EventStore
    private let retries: Int
    private let pageSize: Int
    private let makeEventID: @Sendable () -> UUID

    /// - Parameters:
    ///   - retries: how often a decision is taken again, after the first time, when other events came first.
    ///   - pageSize: how many events are read at a time.
    ///   - makeEventID: makes the id of each new event.
    public init(
        _ store: any EventStore, retries: Int = 10, pageSize: Int = 500,
        makeEventID: @escaping @Sendable () -> UUID = { UUID.v7() }
    ) {
        self.store = store
        self.retries = retries
        self.pageSize = pageSize
        self.makeEventID = makeEventID
    }

    /// The fold of the events that the query selects, and up to which position of the log. Redacted events are not folded.
    ///
    /// - Throws: ``UndecodableEvent`` when an event that the query selects is none of the state's.
    public func load(_ query: EventQuery, in tenant: TenantID) async throws -> (state: State, position: Position) {
        var (state, position) = (State(), Position.start)
        try await read(query, in: tenant, into: &state, &position)
        return (state, position)
    }

    /// Decides on what the query selects, appends what was decided, and decides again, bounded, if an event that the query
    /// selects came first.
    ///
    /// `decide` may be called several times. It returns no events when there is nothing to say: then nothing is written, and
    /// a command is not remembered. The events of each stream keep their order; in the log they are together.
    ///
    /// - Parameter command: handled once: when it comes again, the answer is the first outcome.
    /// - Throws: what `decide` throws; ``AppendConditionFailed`` when other events came first more often than the boundary
    ///   retries; ``TenantMismatch`` for an event of a stream that is not of the context's tenant; ``CommandIDReused``.
    public func transact(
        _ query: EventQuery, in context: MessageContext, by command: CommandKey? = nil,
        _ decide: (State) throws -> [TaggedEvent<State.Event>]
    ) async throws -> AppendOutcome {
        var (state, position, retriesLeft) = (State(), Position.start, retries)
        while true {
            try await read(query, in: context.tenant, into: &state, &position)
            let events: [TaggedEvent<State.Event>]
            do {
                events = try decide(state)
            } catch {
                guard let first = try await firstOutcome(of: command, in: context.tenant) else { throw error }
                return first
            }
            guard !events.isEmpty else {
                return try await firstOutcome(of: command, in: context.tenant)
                    ?? AppendOutcome(revisions: [:], position: position)
            }
            do {
                return try await store.append(
                    Append(
                        try parts(of: events, in: context), by: command,
                        condition: AppendCondition(noneOf: query, after: position)))
            } catch let conflict as AppendConditionFailed {
                guard retriesLeft > 0 else { throw conflict }
                retriesLeft -= 1
            }
        }
    }

    private func read(
        _ query: EventQuery, in tenant: TenantID, into state: inout State, _ position: inout Position
    ) async throws {
        while true {
            let page = try await store.read(query, in: tenant, after: position, limit: pageSize)
            for record in page.events {
                if let recorded = try Recorded<State.Event>(decoding: record) { state.evolve(recorded.event) }
            }
            position = max(position, page.position)
            guard page.events.count == pageSize else { return }
        }
    }

    private func parts(of events: [TaggedEvent<State.Event>], in context: MessageContext) throws -> [StreamAppend] {
        let metadata = try EventPayload(encoding: context.eventMetadata())
        var (order, parts): ([StreamName], [StreamName: [NewEvent]]) = ([], [:])
        for event in events {
            guard event.stream.tenant == context.tenant else {
                throw TenantMismatch(stream: event.stream, tenant: context.tenant)
            }
            if parts[event.stream] == nil { order.append(event.stream) }
            parts[event.stream, default: []].append(
                try NewEvent(event.event, id: makeEventID(), metadata: metadata).tagged(event.tags))
        }
        return order.map { StreamAppend(parts[$0] ?? [], to: $0, expecting: .any) }
    }

    private func firstOutcome(of command: CommandKey?, in tenant: TenantID) async throws -> AppendOutcome? {
        guard let command, let handled = try await store.handledCommand(command.id, in: tenant) else { return nil }
        return try handled.outcome(for: command)
    }
}

/// An event that was decided, the stream that it goes to, and the tags that later queries find it by.
public struct TaggedEvent<Event: DomainEvent>: Sendable {
    /// What happened.
    public let event: Event
    /// Of the tenant that the decision is made for.
    public let stream: StreamName
    /// None for an event that only its stream is asked for.
    public let tags: Set<EventTag>

    /// An event for a stream, with tags.
    public init(_ event: Event, to stream: StreamName, tags: Set<EventTag> = []) {
        self.event = event
        self.stream = stream
        self.tags = tags
    }
}
