/// The place of an event in the whole log: 1 for the first, without gaps, in the order of the commits.
public struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number, from 1; 0 is ``start``.
    public let rawValue: Int64

    /// A position that was stored.
    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Before the first event: what a reader has seen that has seen nothing.
    public static let start = Position(0)

    /// Earlier positions are less.
    public static func < (left: Position, right: Position) -> Bool { left.rawValue < right.rawValue }

    /// The number.
    public var description: String { String(rawValue) }
}
