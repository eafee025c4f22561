/// Where an append ended: the stream's last revision and the position of the last event in the log.
public struct Commit: Hashable, Sendable {
    public let revision: Revision
    public let position: Position
    /// True when the very same events had been appended before: nothing was written, and this is the first outcome.
    public let isDuplicate: Bool

    public init(revision: Revision, position: Position, isDuplicate: Bool = false) {
        self.revision = revision
        self.position = position
        self.isDuplicate = isDuplicate
    }
}
