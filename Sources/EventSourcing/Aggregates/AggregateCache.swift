import Synchronization

/// The states of recently used aggregates, bounded by number and size, each for a bounded time.
///
/// A cached state may be older than the stream, when another process has appended. So it is only ever a proposal: an append
/// on it states its revision, and the stream is read again before anything is refused or answered because of it. The time
/// bounds how long the process holds data that another process has redacted, counted from its own last append to the stream.
public final class AggregateCache<State: EventSourced>: Sendable {
    /// How much a cache holds, and how it was used.
    public struct Statistics: Hashable, Sendable {
        public internal(set) var hits = 0
        public internal(set) var misses = 0
        public internal(set) var count = 0
        /// Stored event data that the states were folded from, in bytes: an estimate of their size in memory.
        public internal(set) var bytes = 0
    }

    private struct Entry {
        let loaded: Loaded<State>
        let expiry: ContinuousClock.Instant
    }

    /// One of two generations: the younger one takes new entries until it is full, and the older one is then dropped. A
    /// state that is used moves to the younger one, so that the least recently used half is what is dropped.
    private struct Generation {
        var entries: [StreamName: Entry] = [:]
        var bytes = 0

        mutating func insert(_ entry: Entry, for stream: StreamName) {
            bytes += entry.loaded.size
            if let old = entries.updateValue(entry, forKey: stream) { bytes -= old.loaded.size }
        }

        mutating func remove(_ stream: StreamName) -> Entry? {
            guard let entry = entries.removeValue(forKey: stream) else { return nil }
            bytes -= entry.loaded.size
            return entry
        }
    }

    private struct Generations {
        var young = Generation()
        var old = Generation()
        var hits = 0
        var misses = 0
    }

    private let generations = Mutex(Generations())
    private let generationCapacity: Int
    private let generationBytes: Int
    private let maximumAge: Duration

    /// - Parameters:
    ///   - capacity: the most states that are held.
    ///   - bytes: the most stored event data that the held states were folded from. A larger state is not held.
    ///   - maximumAge: how long a state is held after its last append or load.
    public init(capacity: Int = 10_000, bytes: Int = 16 << 20, maximumAge: Duration = .seconds(60)) {
        generationCapacity = max(1, capacity / 2)
        generationBytes = max(1, bytes / 2)
        self.maximumAge = maximumAge
    }

    public var statistics: Statistics {
        generations.withLock {
            Statistics(
                hits: $0.hits, misses: $0.misses, count: $0.young.entries.count + $0.old.entries.count,
                bytes: $0.young.bytes + $0.old.bytes)
        }
    }

    subscript(stream: StreamName) -> Loaded<State>? {
        let now = ContinuousClock.now
        return generations.withLock { generations in
            if let entry = generations.young.entries[stream], entry.expiry > now {
                generations.hits += 1
                return entry.loaded
            }
            guard let entry = generations.old.remove(stream), entry.expiry > now else {
                generations.misses += 1
                return nil
            }
            generations.hits += 1
            insert(entry, for: stream, into: &generations)
            return entry.loaded
        }
    }

    /// Holds a state, unless a later one of the stream is held.
    func insert(_ loaded: Loaded<State>, for stream: StreamName) {
        guard let revision = loaded.revision, loaded.size <= generationBytes else { return remove(stream) }
        let entry = Entry(loaded: loaded, expiry: .now + maximumAge)
        generations.withLock { generations in
            let held = generations.young.entries[stream] ?? generations.old.entries[stream]
            if let held = held?.loaded.revision, held > revision { return }
            _ = generations.old.remove(stream)
            insert(entry, for: stream, into: &generations)
        }
    }

    /// Drops the state of a stream that has turned out to be out of date.
    func remove(_ stream: StreamName) {
        generations.withLock { generations in
            _ = generations.young.remove(stream)
            _ = generations.old.remove(stream)
        }
    }

    private func insert(_ entry: Entry, for stream: StreamName, into generations: inout Generations) {
        generations.young.insert(entry, for: stream)
        guard
            generations.young.entries.count > generationCapacity || generations.young.bytes > generationBytes
        else { return }
        generations.old = generations.young
        generations.young = Generation()
    }
}
