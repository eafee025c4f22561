public import FoundationEssentials

/// An event store whose events hold personal data sealed, over any other store: it seals on appending and opens on
/// reading, so that aggregates, projections and subscriptions need not know.
///
/// ```swift
/// let store = SealingEventStore(PostgresEventStore(client, appended: signal), vault: vault)
/// ```
///
/// Reading throws ``BrokenSeal`` for a page in which something was tampered with. Metadata is not sealed.
public struct SealingEventStore<Base: EventStore>: EventStore {
    /// The store that holds what is sealed.
    public let base: Base
    /// Seals and opens.
    public let vault: PersonalDataVault

    /// Wraps a store; give the wrapped one to everybody who is to see plain values.
    public init(_ base: Base, vault: PersonalDataVault) {
        self.base = base
        self.vault = vault
    }

    /// See ``EventStore/append(_:)``.
    ///
    /// - Throws: also what ``PersonalDataVault/seal(_:for:)`` throws; nothing is written then.
    public func append(_ append: Append) async throws -> AppendOutcome {
        do {
            let outcome = try await base.append(sealing(append))
            return AppendOutcome(
                revisions: outcome.revisions, position: outcome.position, events: try await vault.open(outcome.events),
                isRepetition: outcome.isRepetition, commandOutcome: outcome.commandOutcome)
        } catch let forgotten as SubjectForgotten {
            return try await firstOutcome(of: append, or: forgotten)
        }
    }

    private func sealing(_ append: Append) async throws -> Append {
        let events = append.streams.lazy.flatMap(\.events)
        guard events.contains(where: { PersonalMarkers.mayStand(in: $0.data.bytes) }) else { return append }
        var streams: [StreamAppend] = []
        for part in append.streams {
            var sealed: [NewEvent] = []
            for event in part.events {
                let data = try await vault.seal(event.data, for: SealBinding(event: event.id, of: part.stream))
                // A sealed event goes without its domain event: others are to see it only as the vault opens it.
                sealed.append(data == event.data ? event : event.replacing(data: data))
            }
            streams.append(StreamAppend(sealed, to: part.stream, expecting: part.expected))
        }
        return append.replacing(streams)
    }

    /// The outcome of an append that was committed before the subject was forgotten, for a caller that repeats it.
    ///
    /// It is repeated without its data and with an expectation that no stream can meet: a store looks for repetitions
    /// first, so that it answers with the first outcome or refuses.
    private func firstOutcome(of append: Append, or forgotten: SubjectForgotten) async throws -> AppendOutcome {
        let streams = append.streams.map { part in
            let events = part.events.map { event in
                NewEvent(id: event.id, type: event.type, data: EventPayload(bytes: []), metadata: event.metadata)
            }
            return StreamAppend(events, to: part.stream, expecting: .exactly(Revision(.max)))
        }
        do {
            return try await base.append(append.replacing(streams))
        } catch is WrongExpectedRevision {
            // It was checked before the append's own condition.
            throw forgotten
        }
    }

    /// See ``EventStore/handledCommand(_:in:)``.
    public func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand? {
        try await base.handledCommand(id, in: tenant)
    }

    /// See ``EventReader/read(_:from:_:limit:)``.
    public func read(
        _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
    ) async throws -> [RecordedEvent] {
        try await vault.open(try await base.read(stream, from: start, direction, limit: limit))
    }

    /// See ``EventReader/readLog(after:_:matching:limit:)``.
    public func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        try await vault.open(try await base.readLog(after: start, direction, matching: filter, limit: limit))
    }

    /// See ``EventReader/read(_:in:after:limit:)``.
    public func read(
        _ query: EventQuery, in tenant: TenantID, after start: Position, limit: Int
    ) async throws -> SelectedEvents {
        let page = try await base.read(query, in: tenant, after: start, limit: limit)
        return SelectedEvents(events: try await vault.open(page.events), position: page.position)
    }

    /// See ``EventReader/events(withID:in:)``.
    public func events(withID id: UUID, in tenant: TenantID) async throws -> [RecordedEvent] {
        try await vault.open(try await base.events(withID: id, in: tenant))
    }

    /// See ``EventReader/tags(of:in:)``.
    public func tags(of positions: [Position], in tenant: TenantID) async throws -> [Position: Set<EventTag>] {
        try await base.tags(of: positions, in: tenant)
    }

    /// See ``EventReader/head()``.
    public func head() async throws -> Position { try await base.head() }

    /// See ``EventReader/position(at:)``.
    public func position(at time: Date) async throws -> Position { try await base.position(at: time) }

    /// See ``EventReader/incarnation()``.
    public func incarnation() async throws -> UUID { try await base.incarnation() }
}
