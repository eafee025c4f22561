public import FoundationEssentials
import Synchronization

/// How an ``AggregateStore`` uses snapshots: where they are, when one is due, and a bounded cache in front.
///
/// A snapshot saves reading and folding, and decides nothing: the stream is read on from the event that it was taken
/// after, which has to be the very same; else it is discarded. The append then expects the revision that was read.
public final class Snapshots<State: EventSourced>: Sendable {
    /// Reads that found a usable snapshot in the cache or in the store, and those that did not.
    public struct Tallies: Hashable, Sendable {
        /// Loads that began with a state in memory.
        public internal(set) var cacheHits = 0
        /// Loads that did not.
        public internal(set) var cacheMisses = 0
        /// Loads that began with a stored snapshot.
        public internal(set) var loadHits = 0
        /// Loads for which there was none.
        public internal(set) var loadMisses = 0
        /// Found and not used: damaged, of another schema, or of another history.
        public internal(set) var discarded = 0
    }

    private let store: any SnapshotStore
    private let policy: SnapshotPolicy
    private let writer: SnapshotWriter
    private let schema: Int
    private let encode: @Sendable (State) throws -> EventPayload
    private let decode: @Sendable (EventPayload, Int) throws -> State
    private let cache: Mutex<BoundedCache<StreamName, Loaded<State>>>
    private let tallies = Mutex(Tallies())
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - writer: runs beside the service, and saves to the same store.
    ///   - cacheCapacity: how many states stay in memory.
    ///   - cacheAge: how long a state may stay there after its stream was read. It bounds how long a state can outlive the
    ///     redaction of an event by another process.
    public init(
        in store: any SnapshotStore, policy: SnapshotPolicy, writer: SnapshotWriter, cacheCapacity: Int = 1_000,
        cacheAge: Duration = .seconds(60), now: @escaping @Sendable () -> Date = { Date() }
    ) where State: Snapshottable {
        self.store = store
        self.policy = policy
        self.writer = writer
        self.now = now
        schema = State.snapshotSchema
        encode = { try $0.encodeSnapshot() }
        decode = { try State(snapshot: $0, schema: $1) }
        cache = Mutex(BoundedCache(capacity: cacheCapacity, maximumAge: cacheAge))
    }

    /// Counts since this was made.
    public var counts: Tallies { tallies.withLock { $0 } }

    /// How many states are in memory.
    public var cachedCount: Int { cache.withLock { $0.count } }
}

extension Snapshots {
    /// The newest known state of the stream, unchecked; nil when there is none, or it cannot be had.
    func candidate(for stream: StreamName) async -> Loaded<State>? {
        if let cached = cache.withLock({ $0.value(of: stream) }) {
            tallies.withLock { $0.cacheHits += 1 }
            return cached
        }
        tallies.withLock { $0.cacheMisses += 1 }
        guard let snapshot = try? await store.latest(of: stream) else {
            tallies.withLock { $0.loadMisses += 1 }
            return nil
        }
        guard snapshot.isIntact, snapshot.stream == stream, let state = try? decode(snapshot.state, snapshot.schema)
        else {
            await discard(stream)
            return nil
        }
        tallies.withLock { $0.loadHits += 1 }
        return Loaded(state, of: snapshot)
    }

    /// Removes a snapshot that is not of this stream's history.
    func discard(_ stream: StreamName) async {
        tallies.withLock { $0.discarded += 1 }
        cache.withLock { $0.remove(stream) }
        // What cannot be deleted is discarded again when it is found the next time.
        try? await store.delete(of: stream)
    }

    /// Keeps the state in the cache, and has a snapshot of it saved if one is due.
    ///
    /// - Returns: the state, which knows the snapshot that was taken.
    func note(_ loaded: Loaded<State>, of stream: StreamName, loadTime: Duration) -> Loaded<State> {
        guard let revision = loaded.revision, let eventID = loaded.lastEventID else { return loaded }
        var loaded = loaded
        let facts = SnapshotPolicy.Facts(
            eventsSinceSnapshot: revision.rawValue - (loaded.snapshotRevision?.rawValue ?? -1), loadTime: loadTime,
            stateSize: { try? self.encode(loaded.state).bytes.count })
        if facts.eventsSinceSnapshot > 0, policy.isDue(facts) {
            let (state, position, takenAt) = (loaded.state, loaded.position, now())
            writer.save { [encode, schema] in
                Snapshot(
                    stream: stream, schema: schema, revision: revision, position: position, eventID: eventID,
                    state: try encode(state), takenAt: takenAt)
            }
            loaded.snapshotRevision = revision
        }
        cache.withLock { [loaded] in $0.insert(loaded, for: stream, since: loaded.readAt) }
        return loaded
    }
}
