/// Decoded states by stream, bounded: of two generations, the older one goes when the younger one is full. A state that
/// is asked for becomes young again.
struct SnapshotCache<Value> {
    private struct Entry {
        let value: Value
        let since: ContinuousClock.Instant
    }

    private let generation: Int
    private let maximumAge: Duration
    private var young: [StreamName: Entry] = [:]
    private var old: [StreamName: Entry] = [:]

    /// - Parameters:
    ///   - capacity: the most states to hold; 0 holds none.
    ///   - maximumAge: how long a state is held after it was put in.
    init(capacity: Int, maximumAge: Duration) {
        generation = (capacity + 1) / 2
        self.maximumAge = maximumAge
    }

    var count: Int { young.count + old.count }

    mutating func value(of stream: StreamName, now: ContinuousClock.Instant = .now) -> Value? {
        guard let entry = young[stream] ?? old[stream] else { return nil }
        guard now - entry.since < maximumAge else {
            remove(stream)
            return nil
        }
        if young[stream] == nil { insert(entry, for: stream) }
        return entry.value
    }

    mutating func insert(_ value: Value, for stream: StreamName, now: ContinuousClock.Instant = .now) {
        guard generation > 0 else { return }
        insert(Entry(value: value, since: now), for: stream)
    }

    mutating func remove(_ stream: StreamName) {
        young[stream] = nil
        old[stream] = nil
    }

    private mutating func insert(_ entry: Entry, for stream: StreamName) {
        old[stream] = nil
        if young[stream] == nil, young.count == generation {
            old = young
            young = [:]
        }
        young[stream] = entry
    }
}
