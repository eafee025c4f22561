import Synchronization

/// Snapshots in memory, for tests and demonstrations.
public final class InMemorySnapshotStore: SnapshotStore {
    private let snapshots = Mutex<[StreamName: Snapshot]>([:])

    public init() {}

    public func latest(of stream: StreamName) async throws -> Snapshot? {
        snapshots.withLock { $0[stream] }
    }

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

    public func delete(of stream: StreamName) async throws {
        snapshots.withLock { $0[stream] = nil }
    }
}
