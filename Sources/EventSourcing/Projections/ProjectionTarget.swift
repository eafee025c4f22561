/// Where a projection keeps its read model and, beside it, how far it has come.
public protocol ProjectionTarget: Sendable {
    /// The projection's name, the key of its checkpoint.
    var name: String { get }

    /// The position of the last event that was applied.
    func checkpoint() async throws -> Position

    /// Applies the events and moves the checkpoint, in one transaction of the read model's database.
    ///
    /// - Parameters:
    ///   - events: what follows `old` in the log, in order, without gaps.
    ///   - old: where the checkpoint has to be; if another owner has moved it, nothing is applied.
    ///   - new: the position of the last of the events.
    /// - Throws: ``CheckpointMoved`` when the checkpoint is not at `old`.
    func apply(_ events: [RecordedEvent], from old: Position, to new: Position) async throws
}

/// Another owner of the same projection has moved the checkpoint; nothing was applied.
public struct CheckpointMoved: Error, Hashable, Sendable, CustomStringConvertible {
    public let projection: String
    public let expected: Position

    public init(projection: String, expected: Position) {
        self.projection = projection
        self.expected = expected
    }

    public var description: String { "projection \(projection): the checkpoint is no longer at position \(expected)" }
}
