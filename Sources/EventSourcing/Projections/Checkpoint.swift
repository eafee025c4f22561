public import FoundationEssentials

/// How far a reader has come, and in which log: enough to notice that the log it returns to is another one.
///
/// A position alone says nothing after an event store was restored from a backup or has failed over with loss: another
/// event may stand there now. The id of the event at the position does.
public struct Checkpoint: Hashable, Sendable, CustomStringConvertible {
    /// The log that was read, see ``EventReader/incarnation()``; nil where it is not known yet.
    public let incarnation: UUID?
    /// Everything up to here was seen.
    public let position: Position
    /// The id of the event at the position; nil at the start, and where it is not known yet.
    public let eventID: UUID?

    /// For targets, which make it of what they have stored.
    public init(incarnation: UUID?, position: Position, eventID: UUID?) {
        self.incarnation = incarnation
        self.position = position
        self.eventID = eventID
    }

    /// Nothing was seen, of whatever log.
    public static let start = Checkpoint(incarnation: nil, position: .start, eventID: nil)

    /// The position, and the event there.
    public var description: String { eventID.map { "\(position) (event \($0))" } ?? "\(position)" }
}
