import Crypto
public import FoundationEssentials

/// The state of a stream at one of its revisions: an aid that may be lost, and is never trusted unchecked.
public struct Snapshot: Hashable, Sendable {
    /// The stream whose state it is.
    public let stream: StreamName
    /// The version of the state's encoding; see ``Snapshottable``.
    public let schema: Int
    /// The last event that the state has in it: its revision, its place in the log, and its id.
    public let revision: Revision
    /// Where the last event in the state is in the log.
    public let position: Position
    /// The last event in the state; the stream has to hold it at ``revision``.
    public let eventID: UUID
    /// The encoded state.
    public let state: EventPayload
    /// When it was taken, for people; it decides nothing.
    public let takenAt: Date
    /// SHA-256 over all of the above but the time.
    public let checksum: [UInt8]

    /// Takes a snapshot of an encoded state, and computes its checksum.
    public init(
        stream: StreamName, schema: Int, revision: Revision, position: Position, eventID: UUID, state: EventPayload,
        takenAt: Date
    ) {
        self.init(
            stored: stream, schema: schema, revision: revision, position: position, eventID: eventID, state: state,
            takenAt: takenAt,
            checksum: Self.checksum(stream, schema, revision, position, eventID, state))
    }

    /// A snapshot as a store holds it, whatever has become of it there.
    package init(
        stored stream: StreamName, schema: Int, revision: Revision, position: Position, eventID: UUID,
        state: EventPayload, takenAt: Date, checksum: [UInt8]
    ) {
        self.stream = stream
        self.schema = schema
        self.revision = revision
        self.position = position
        self.eventID = eventID
        self.state = state
        self.takenAt = takenAt
        self.checksum = checksum
    }

    /// The name of the stream's snapshots: `snap.<stream>`.
    public var name: String { Self.name(of: stream) }

    package static func name(of stream: StreamName) -> String { "snap.\(stream.rawValue)" }

    /// Whether it is what was saved.
    var isIntact: Bool { checksum == Self.checksum(stream, schema, revision, position, eventID, state) }

    private static func checksum(
        _ stream: StreamName, _ schema: Int, _ revision: Revision, _ position: Position, _ eventID: UUID,
        _ state: EventPayload
    ) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(stream) \(schema) \(revision) \(position) \(eventID) ".utf8))
        hash.update(data: state.bytes)
        return Array(hash.finalize())
    }
}
