/// When a snapshot is due. Policies are composed:
///
/// ```swift
/// .events(100).or(.loadTime(over: .milliseconds(20)).and(.stateSize(atMost: 64 << 10)))
/// ```
public struct SnapshotPolicy: Sendable {
    /// What is known when a stream has been loaded or changed.
    public struct Facts {
        /// How many events the state has in it that the last snapshot has not.
        public let eventsSinceSnapshot: Int64
        /// How long it took to load.
        public let loadTime: Duration
        /// The size of the encoded state in bytes; nil when it cannot be encoded. Asking for it encodes the state.
        public let stateSize: () -> Int?

        /// For tests of policies; otherwise facts come from ``Snapshots``.
        public init(eventsSinceSnapshot: Int64, loadTime: Duration, stateSize: @escaping () -> Int?) {
            self.eventsSinceSnapshot = eventsSinceSnapshot
            self.loadTime = loadTime
            self.stateSize = stateSize
        }
    }

    /// Whether a snapshot is to be taken.
    public let isDue: @Sendable (Facts) -> Bool

    /// A policy of one's own.
    public init(isDue: @escaping @Sendable (Facts) -> Bool) { self.isDue = isDue }

    /// When this many events came after the last snapshot.
    public static func events(_ count: Int64) -> SnapshotPolicy {
        SnapshotPolicy { $0.eventsSinceSnapshot >= count }
    }

    /// When loading took longer than this.
    public static func loadTime(over limit: Duration) -> SnapshotPolicy {
        SnapshotPolicy { $0.loadTime > limit }
    }

    /// When the encoded state has at most this many bytes; composed with others, it keeps large states out.
    public static func stateSize(atMost limit: Int) -> SnapshotPolicy {
        SnapshotPolicy { facts in facts.stateSize().map { $0 <= limit } ?? false }
    }

    /// When the encoded state has at least this many bytes.
    public static func stateSize(atLeast limit: Int) -> SnapshotPolicy {
        SnapshotPolicy { facts in facts.stateSize().map { $0 >= limit } ?? false }
    }

    /// Takes none; those that there are will be used.
    public static let never = SnapshotPolicy { _ in false }

    /// When both are due.
    public func and(_ other: SnapshotPolicy) -> SnapshotPolicy {
        SnapshotPolicy { isDue($0) && other.isDue($0) }
    }

    /// When one of them is due.
    public func or(_ other: SnapshotPolicy) -> SnapshotPolicy {
        SnapshotPolicy { isDue($0) || other.isDue($0) }
    }
}
