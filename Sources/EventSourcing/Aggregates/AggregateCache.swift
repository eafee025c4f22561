import Synchronization

/// The states of recently used aggregates, bounded by number and size, each for a bounded time.
///
/// A cached state may be older than the stream, when another process has appended. So it is only ever a proposal: an append
/// on it states its revision, and the stream is read again before anything is refused or answered because of it. The time
/// bounds how long the process holds data that another process has redacted: it counts from when the stream was last read as
/// a whole, however often this process appends to it.
public final class AggregateCache<State: EventSourced>: Sendable {
    /// How much a cache holds, and how it was used.
    public struct Statistics: Hashable, Sendable {
        /// Decisions whose state was in memory.
        public internal(set) var hits = 0
        /// Decisions that had to load their stream.
        public internal(set) var misses = 0
        /// States in memory now.
        public internal(set) var count = 0
        /// Stored event data that the states were folded from, in bytes: an estimate of their size in memory.
        public internal(set) var bytes = 0
    }

    private struct Held {
        var states: BoundedCache<StreamName, Loaded<State>>
        var hits = 0
        var misses = 0
    }

    private let held: Mutex<Held>

    /// - Parameters:
    ///   - capacity: the most states that are held.
    ///   - bytes: the most stored event data that the held states were folded from. A state of more than half of that is
    ///     not held.
    ///   - maximumAge: how long a state is held after its stream was read.
    public init(capacity: Int = 10_000, bytes: Int = 16 << 20, maximumAge: Duration = .seconds(60)) {
        held = Mutex(Held(states: BoundedCache(capacity: capacity, size: bytes, maximumAge: maximumAge)))
    }

    /// Counts since the cache was made, and how much is in it now.
    public var statistics: Statistics {
        held.withLock {
            Statistics(hits: $0.hits, misses: $0.misses, count: $0.states.count, bytes: $0.states.size)
        }
    }

    subscript(stream: StreamName) -> Loaded<State>? {
        held.withLock { held in
            let loaded = held.states.value(of: stream)
            if loaded == nil { held.misses += 1 } else { held.hits += 1 }
            return loaded
        }
    }

    /// The state that a stream had at a revision, if that is the one that is held, and was read after `start`.
    func state(
        of stream: StreamName, at revision: Revision, readAfter start: ContinuousClock.Instant
    ) -> Loaded<State>? {
        held.withLock { held in
            guard let loaded = held.states.value(of: stream), loaded.revision == revision, loaded.readAt > start else {
                return nil
            }
            return loaded
        }
    }

    /// Holds a state, unless a later one of the stream is held.
    func insert(_ loaded: Loaded<State>, for stream: StreamName) {
        held.withLock { held in
            guard let revision = loaded.revision else { return held.states.remove(stream) }
            if let later = held.states.peek(at: stream)?.revision, later > revision { return }
            held.states.insert(loaded, for: stream, size: loaded.size, since: loaded.readAt)
        }
    }

    /// Drops the state of a stream that has turned out to be out of date.
    func remove(_ stream: StreamName) { held.withLock { $0.states.remove(stream) } }
}
