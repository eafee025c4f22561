import Synchronization

/// Rows of a partition that its owner has written lately, in two halves: when the newer one is full, the older is
/// forgotten. A row that is written again is in the newer one.
package struct RecentRows<Key: Hashable & Sendable, Row: Sendable>: Sendable {
    private struct Half: Sendable {
        var rows: [Key: Row?] = [:]
        var size = 0
    }

    private let limit: Int
    private let sizeLimit: Int
    private var newer = Half()
    private var older = Half()

    /// - Parameters:
    ///   - limit: how many rows are kept at most, though always those of the last change.
    ///   - size: the same in bytes.
    package init(limit: Int = 8_192, size: Int = 16 << 20) {
        self.limit = limit
        sizeLimit = size
    }

    /// The row of a key, of which nil in nil says that it has none; nil when that is not known here.
    package subscript(key: Key) -> Row?? { newer.rows[key] ?? older.rows[key] }

    package var count: Int { newer.rows.count + older.rows.count }

    /// Keeps what was written.
    ///
    /// - Parameter size: the bytes of all of these rows.
    package mutating func keep(_ rows: [Key: Row?], size: Int) {
        if newer.rows.count + rows.count > limit / 2 || newer.size + size > sizeLimit / 2 {
            older = newer
            newer = Half()
        }
        newer.size += size
        if newer.rows.isEmpty { newer.rows = rows } else { newer.rows.merge(rows) { $1 } }
    }
}

/// What the owner of a partition remembers of its last commit: valid for the version that the commit has led to, and for
/// no other.
///
/// Every writer of rows sets another version of their partition in the same transaction, and a commit is refused unless
/// the partition has the version that it was made for. So what is remembered for that version is what is in the
/// database. It is taken out for the time of a commit and put back when that has succeeded; whatever goes wrong in between,
/// it is gone.
package final class PartitionCache<Content: Sendable>: Sendable {
    private let kept = Mutex<[Int: (version: Int64, content: Content)]>([:])

    package init() {}

    /// Takes out what was kept for a version of a partition. What was kept for another one is forgotten.
    package func take(_ partition: Int, at version: Int64) -> Content? {
        guard let found = kept.withLock({ $0.removeValue(forKey: partition) }), found.version == version else {
            return nil
        }
        return found.content
    }

    /// Keeps the content for a version of the partition.
    package func keep(_ content: Content, of partition: Int, at version: Int64) {
        kept.withLock { $0[partition] = (version, content) }
    }

    package func forget(_ partition: Int) { kept.withLock { $0[partition] = nil } }
}
