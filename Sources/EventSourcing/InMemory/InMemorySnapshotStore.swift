import Synchronization

/// Snapshots in memory, for tests and demonstrations.
public final class InMemorySnapshotStore: SnapshotStore {
    private let snapshots = Mutex<[StreamName: Snapshot]>([:])

    /// An empty store.
    public init() {}

    /// See ``SnapshotStore/latest(of:)``.
    public func latest(of stream: StreamName) async throws -> Snapshot? {
        snapshots.withLock { $0[stream] }
    }

    /// See ``SnapshotStore/save(_:)``.
    public func save(_ snapshot: Snapshot) async throws {
        snapshots.withLock { snapshots in
            if let present = snapshots[snapshot.stream], present.schema == snapshot.schema,
                present.revision > snapshot.revision
            {
                return
            }
            snapshots[snapshot.stream] = snapshot
        }
    }

    /// See ``SnapshotStore/delete(of:)``.
    public func delete(of stream: StreamName) async throws {
        snapshots.withLock { $0[stream] = nil }
    }
}
