/// The place of an event in its stream: 0 for the first.
public struct Revision: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number, from 0.
    public let rawValue: Int64

    /// A revision that was stored.
    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The revision of a stream's first event.
    public static let first = Revision(0)

    /// That of the event behind it.
    public var next: Revision { Revision(rawValue + 1) }

    /// Earlier revisions are less.
    public static func < (left: Revision, right: Revision) -> Bool { left.rawValue < right.rawValue }

    /// The number.
    public var description: String { String(rawValue) }
}
