public import FoundationEssentials

/// Where an event is in the store, for a worker that reads it later. It also decodes from the data of a job that has the
/// whole event; see ``Job/init(for:options:)``.
public struct EventReference: Hashable, Codable, Sendable {
    /// The whole name of its stream.
    public let stream: String
    /// Its place in the stream, from 0.
    public let revision: Int64
    /// Its id; the event that is read has to have it.
    public let eventID: UUID

    enum CodingKeys: String, CodingKey {
        case stream, revision
        case eventID = "eventId"
    }

    /// Refers to an event without its data.
    public init(_ event: RecordedEvent) {
        stream = event.stream.rawValue
        revision = event.revision.rawValue
        eventID = event.id
    }

    /// Reads the event.
    ///
    /// - Throws: ``EventNotFound`` when another log or none has it there; ``InvalidName``.
    public func read(from reader: some EventReader) async throws -> RecordedEvent {
        let stream = try StreamName(stream)
        let event = try await reader.read(stream, from: Revision(revision), .forwards, limit: 1).first
        guard let event, event.revision.rawValue == revision, event.id == eventID else {
            throw EventNotFound(stream: stream, revision: Revision(revision))
        }
        return event
    }
}
