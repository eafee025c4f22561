import DequeModule

/// What one connection has prepared, or has asked the server to prepare further up in its pipeline.
///
/// A name is never used twice: preparing it again takes a new one, so that requests already under way that rely on the old
/// name can neither meet the new statement nor drop it from the cache.
struct StatementCache {
    struct Entry {
        let generation: Int
        let name: String
    }

    let capacity: Int
    private var entries: [StatementKey: Entry] = [:]
    private var oldest: Deque<(key: StatementKey, generation: Int)> = []
    private var generation = 0

    init(capacity: Int = 512) { self.capacity = capacity }

    var count: Int { entries.count }

    /// The statement's entry, and whether it has to be prepared first.
    mutating func entry(for key: StatementKey) -> (entry: Entry, isNew: Bool) {
        if let entry = entries[key] { return (entry, false) }
        generation += 1
        let entry = Entry(generation: generation, name: "s\(generation)")
        entries[key] = entry
        oldest.append((key, generation))
        return (entry, true)
    }

    /// Drops a statement that the server does not have, unless it was prepared again since.
    mutating func forget(_ key: StatementKey, generation: Int) {
        if entries[key]?.generation == generation { entries[key] = nil }
    }

    /// Drops what is beyond the capacity, oldest first: the names to deallocate.
    mutating func evict() -> [String] {
        var names: [String] = []
        while entries.count > capacity, let (key, generation) = oldest.popFirst() {
            guard let entry = entries[key], entry.generation == generation else { continue }
            entries[key] = nil
            names.append(entry.name)
        }
        return names
    }

    /// Drops everything, after the server has (`DISCARD ALL`).
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        oldest.removeAll(keepingCapacity: true)
    }
}
