/// The place of an event in its stream: 0 for the first.
public struct Revision: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: Int64

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The revision of a stream's first event.
    public static let first = Revision(0)

    public var next: Revision { Revision(rawValue + 1) }

    public static func < (left: Revision, right: Revision) -> Bool { left.rawValue < right.rawValue }

    public var description: String { String(rawValue) }
}
