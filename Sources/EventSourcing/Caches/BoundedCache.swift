/// Recent values by key, bounded by number, size and age.
///
/// There are two generations: the younger one takes new entries until it is full, and then the older one is dropped. A value
/// that is used moves to the younger one, so that the less recently used half is what is dropped.
package struct BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        let size: Int
        let since: ContinuousClock.Instant
    }

    private struct Generation: Sendable {
        var entries: [Key: Entry] = [:]
        var size = 0

        mutating func insert(_ entry: Entry, for key: Key) {
            size += entry.size
            if let replaced = entries.updateValue(entry, forKey: key) { size -= replaced.size }
        }

        mutating func remove(_ key: Key) -> Entry? {
            guard let entry = entries.removeValue(forKey: key) else { return nil }
            size -= entry.size
            return entry
        }
    }

    private let generationCapacity: Int
    private let generationSize: Int
    private let maximumAge: Duration?
    private var young = Generation()
    private var old = Generation()

    /// - Parameters:
    ///   - capacity: the most values that are held; 0 holds none.
    ///   - size: the most that they may take together, in the unit of ``insert(_:for:size:since:)``. A value of more than half
    ///     of that is not held.
    ///   - maximumAge: how long a value is held, whether or not it is used; nil for as long as there is room.
    package init(capacity: Int = .max, size: Int = .max, maximumAge: Duration? = nil) {
        generationCapacity = capacity / 2 + capacity % 2
        generationSize = size / 2
        self.maximumAge = maximumAge
    }

    package var count: Int { young.entries.count + old.entries.count }

    /// The sizes of what is held, added up.
    package var size: Int { young.size + old.size }

    /// The value of a key, which counts as used by that; nil if it is not held, or has become too old.
    package mutating func value(of key: Key, now: ContinuousClock.Instant? = nil) -> Value? {
        if let entry = young.entries[key] {
            if isCurrent(entry, now) { return entry.value }
            _ = young.remove(key)
            return nil
        }
        guard let entry = old.remove(key), isCurrent(entry, now) else { return nil }
        add(entry, for: key)
        return entry.value
    }

    /// The value of a key, whatever its age, without using it.
    package func peek(at key: Key) -> Value? { (young.entries[key] ?? old.entries[key])?.value }

    /// Stores a value for a key, and replaces the one that it had.
    ///
    /// - Parameters:
    ///   - size: what the value takes.
    ///   - since: from when its age counts; nil for now.
    package mutating func insert(
        _ value: Value, for key: Key, size: Int = 0, since: ContinuousClock.Instant? = nil
    ) {
        if !old.entries.isEmpty { _ = old.remove(key) }
        guard generationCapacity > 0, size <= generationSize else {
            _ = young.remove(key)
            return
        }
        add(Entry(value: value, size: size, since: since ?? .now), for: key)
    }

    package mutating func remove(_ key: Key) {
        _ = young.remove(key)
        _ = old.remove(key)
    }

    private func isCurrent(_ entry: Entry, _ now: ContinuousClock.Instant?) -> Bool {
        guard let maximumAge else { return true }
        return (now ?? .now) - entry.since < maximumAge
    }

    private mutating func add(_ entry: Entry, for key: Key) {
        let isFull = young.entries.count == generationCapacity && young.entries[key] == nil
        if isFull || entry.size > generationSize - young.size {
            _ = young.remove(key)
            old = young
            young = Generation()
        }
        young.insert(entry, for: key)
    }
}
