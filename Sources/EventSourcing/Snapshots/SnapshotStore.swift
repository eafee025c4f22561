/// Where snapshots are kept: one for each stream, the newest.
public protocol SnapshotStore: Sendable {
    /// The stream's snapshot; nil when there is none.
    func latest(of stream: StreamName) async throws -> Snapshot?

    /// Keeps the snapshot in place of an older one. One of a later revision and the same schema stays.
    func save(_ snapshot: Snapshot) async throws

    /// Removes the stream's snapshot, if there is one.
    func delete(of stream: StreamName) async throws
}
