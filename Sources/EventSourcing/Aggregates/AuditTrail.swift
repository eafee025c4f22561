/// One event in the history of an aggregate: who did what, and what it changed.
public struct AuditEntry<Event: DomainEvent>: Sendable {
    /// The event as it is stored; its metadata says who, from where and when.
    public let record: RecordedEvent
    /// The event in its present shape; nil when it is redacted.
    public let event: Event?
    /// What it changed in the encoded state; nothing for a redacted event.
    public let changes: [JSONChange]
}

extension AggregateReader where State: Encodable {
    /// What differs between two revisions of an aggregate, as members of the encoded state.
    ///
    /// - Parameter first: nil for the state before the first event.
    /// - Throws: ``UndecodableEvent``.
    public func changes(
        of stream: StreamName, from first: Revision?, to last: Revision
    ) async throws -> [JSONChange] {
        var before = State()
        if let first { before = try await load(stream, asOf: .revision(first)).state }
        let after = try await load(stream, asOf: .revision(last)).state
        return try EventPayload(encoding: before).changes(to: EventPayload(encoding: after))
    }

    /// The history of an aggregate, in order, with what each event changed in the encoded state.
    ///
    /// - Parameters:
    ///   - first: the first revision to list.
    ///   - limit: the most events to list; the events before `first` are read and not listed.
    /// - Throws: ``UndecodableEvent``.
    public func auditTrail(
        of stream: StreamName, from first: Revision = .first, limit: Int = 100
    ) async throws -> [AuditEntry<State.Event>] {
        var (loaded, trail): (Loaded<State>, [AuditEntry<State.Event>]) = (Loaded(), [])
        if first > .first { loaded = try await load(stream, asOf: .revision(Revision(first.rawValue - 1))) }
        var before = try EventPayload(encoding: loaded.state)
        for record in try await page(of: stream, from: first, limit: limit) {
            let event = try loaded.take(record)?.event
            let after = try EventPayload(encoding: loaded.state)
            trail.append(AuditEntry(record: record, event: event, changes: try before.changes(to: after)))
            before = after
        }
        return trail
    }
}
