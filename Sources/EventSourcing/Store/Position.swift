/// The place of an event in the whole log: 1 for the first, without gaps, in the order of the commits.
public struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int64

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Before the first event: what a reader has seen that has seen nothing.
    public static let start = Position(0)

    public static func < (left: Position, right: Position) -> Bool { left.rawValue < right.rawValue }

    public var description: String { String(rawValue) }
}
