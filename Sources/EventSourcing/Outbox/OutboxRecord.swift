public import FoundationEssentials

/// What the state of a sink's persistent subscription says about an event.
public struct OutboxRecord: Hashable, Identifiable, Sendable {
    /// The position of the event in the log.
    public let id: Position
    /// The id of the event, which is that of the job.
    public let eventID: UUID
    /// The type of the event.
    public let type: EventType
    /// As it is in the log now: that of a redacted event is ``EventPayload/redacted``.
    public let payload: EventPayload
    /// The encoded ``EventMetadata``.
    public let metadata: EventPayload
    /// How far it has come.
    public let status: OutboxStatus
    /// How many attempts have failed. 0 for a published one: what came before the success is not kept.
    public let attempts: Int
    /// When the event was recorded.
    public let createdAt: Date
    /// When the last attempt failed; without one, when the event was recorded.
    public let updatedAt: Date
    /// Why the last attempt failed.
    public let lastError: String?

    package init(
        _ event: RecordedEvent, _ status: OutboxStatus, attempts: Int = 0, updatedAt: Date? = nil,
        lastError: String? = nil
    ) {
        id = event.position
        eventID = event.id
        type = event.type
        payload = event.data
        metadata = event.metadata
        self.status = status
        self.attempts = attempts
        createdAt = event.recordedAt
        self.updatedAt = updatedAt ?? event.recordedAt
        self.lastError = lastError
    }
}

/// How far an event has come on its way to a sink.
public enum OutboxStatus: String, CaseIterable, Hashable, Sendable {
    /// It was not sent yet, or waits for another attempt, or behind a failed one of its stream.
    case pending
    /// The sink has it.
    case published
    /// It was parked, and is sent only when an administrator retries it.
    case failed
}

/// What an administrator sees and does with the records of an outbox.
public protocol OutboxAdministration: SubscriptionAdministration {
    /// The records of one status, in the order of their ids.
    ///
    /// - Parameter id: the persistent subscription of the sink.
    /// - Throws: ``SubscriptionNotFound``.
    func records(
        _ status: OutboxStatus, of id: SubscriptionID, after position: Position, limit: Int
    ) async throws -> [OutboxRecord]
}

extension OutboxAdministration {
    /// Sends a failed record again, with all attempts before it.
    ///
    /// - Returns: how many become pending, with those that waited behind it; 0 when it has not failed.
    /// - Throws: ``SubscriptionNotFound``.
    public func retry(_ record: OutboxRecord.ID, of id: SubscriptionID) async throws -> Int {
        try await replay(.message(record), in: id)
    }

    /// Gives up a failed record; those that waited behind it become pending.
    ///
    /// - Returns: whether it had failed.
    /// - Throws: ``SubscriptionNotFound``.
    public func skip(_ record: OutboxRecord.ID, of id: SubscriptionID) async throws -> Bool {
        try await skip(.message(record), in: id) > 0
    }
}
