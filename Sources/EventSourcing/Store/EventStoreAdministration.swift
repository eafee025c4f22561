public import FoundationEssentials

/// What an administrator may do to a store whose events nobody else can change: the port beside ``EventStore``.
public protocol EventStoreAdministration: Sendable {
    /// Takes the data and the tags of one event away, for good; the event and its place remain.
    ///
    /// The redaction is recorded with its reason and actor, and announced in the log by an ``EventRedacted`` that is
    /// committed with it, so that readers can follow. Of an event that was redacted before, nothing changes.
    ///
    /// - Parameter context: on whose behalf, and of which tenant: no other tenant's stream can be redacted.
    /// - Returns: false when it was redacted before.
    /// - Throws: ``EventNotFound``, ``TenantMismatch``.
    func redact(
        _ revision: Revision, of stream: StreamName, reason: String, in context: MessageContext
    ) async throws
        -> Bool

    /// The events of a tenant that have this id; see ``EventReader/events(withID:in:)``.
    func events(withID id: UUID, in tenant: TenantID) async throws -> [RecordedEvent]

    /// Moves events before a position out of the way of the others, the log's last event excepted. Reads still find them.
    ///
    /// - Returns: how many were moved.
    func archive(before position: Position) async throws -> Int

    /// Moves the events of one stream back from the archive.
    ///
    /// - Returns: how many were moved.
    func restore(_ stream: StreamName) async throws -> Int

    /// Forgets the outcomes of commands that were handled before a time. One that comes again is handled again.
    ///
    /// - Returns: how many were forgotten.
    func purgeCommands(handledBefore time: Date) async throws -> Int
}

extension EventStoreAdministration {
    /// Redacts the event with an id, see ``redact(_:of:reason:in:)``; all of them if a caller has used the id for several
    /// streams.
    ///
    /// - Returns: false when they were redacted before.
    /// - Throws: ``EventNotFound`` when the context's tenant has no event with the id.
    public func redact(eventID id: UUID, reason: String, in context: MessageContext) async throws -> Bool {
        let events = try await events(withID: id, in: context.tenant)
        guard !events.isEmpty else { throw EventNotFound(id: id, tenant: context.tenant) }
        var isNew = false
        for event in events where try await redact(event.revision, of: event.stream, reason: reason, in: context) {
            isNew = true
        }
        return isNew
    }
}

/// There is no such event.
public struct EventNotFound: Error, Hashable, Sendable, CustomStringConvertible {
    private enum Reference: Hashable, Sendable {
        case revision(Revision, of: StreamName)
        case id(UUID, in: TenantID)
    }

    private let reference: Reference

    package init(stream: StreamName, revision: Revision) { reference = .revision(revision, of: stream) }

    package init(id: UUID, tenant: TenantID) { reference = .id(id, in: tenant) }

    /// Names what was looked for.
    public var description: String {
        switch reference {
        case .revision(let revision, let stream): "stream \(stream) has no event of revision \(revision)"
        case .id(let id, let tenant): "tenant \(tenant) has no event with the id \(id.text)"
        }
    }
}
