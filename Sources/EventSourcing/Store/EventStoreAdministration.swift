public import FoundationEssentials

/// What an administrator may do to a store whose events nobody else can change: the port beside ``EventStore``.
public protocol EventStoreAdministration: Sendable {
    /// Takes the data of one event away, for good; the event and its place remain.
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

/// There is no event in this place.
public struct EventNotFound: Error, Hashable, Sendable, CustomStringConvertible {
    public let stream: StreamName
    public let revision: Revision

    package init(stream: StreamName, revision: Revision) {
        self.stream = stream
        self.revision = revision
    }

    public var description: String { "stream \(stream) has no event of revision \(revision)" }
}
