public import FoundationEssentials

/// A queue of jobs for workers, in this process or others.
public protocol JobQueue: Sendable {
    /// Puts a job into the queue. One whose id is there already changes nothing.
    func enqueue(_ job: Job, options: JobOptions) async throws
}

/// How a job is run.
public struct JobOptions: Hashable, Sendable {
    /// How long it waits before its first attempt.
    public var delay: Duration = .zero
    /// How often it is tried at most.
    public var attempts = 3

    public init() {}
}

/// The work of one handler on one event.
///
/// It names the event and does not hold it: what is redacted or forgotten is so in every queue, too.
public struct Job: Hashable, Sendable {
    /// The handler's name.
    public let name: String
    /// `<handler>-<event id>`: an event that is delivered again is the same job.
    public let id: String
    /// The encoded ``EventReference``.
    public let payload: EventPayload

    public init(_ event: RecordedEvent, for handler: some EventHandler) throws {
        name = handler.name
        id = "\(handler.name)-\(event.id.text)"
        payload = try EventPayload(encoding: EventReference(event))
    }

    /// A job as a queue holds it.
    public init(name: String, id: String, payload: EventPayload) {
        self.name = name
        self.id = id
        self.payload = payload
    }
}

/// Where an event stands, for those who read it later.
public struct EventReference: Hashable, Codable, Sendable {
    public let stream: String
    public let revision: Int64
    public let eventID: UUID

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

extension EventHandler {
    /// Does the work of a job: what a worker of the queue calls.
    public func handle(_ job: Job, attempt: Int, reading reader: some EventReader) async throws {
        try await handle(job.payload.decode(EventReference.self).read(from: reader), attempt: attempt)
    }
}
