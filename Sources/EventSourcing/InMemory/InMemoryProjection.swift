public import FoundationEssentials
import Synchronization

/// A projection whose rows and checkpoints are in memory, for tests, demonstrations and read models that are rebuilt at
/// every start. It keeps every promise of ``ProjectionTarget``; a commit lasts as long as the object.
public final class InMemoryProjection<Projection: RowProjection>: ProjectionTarget {
    /// The key of its checkpoints.
    public let name: String
    /// The events that it is made of.
    public let filter: LogFilter
    let projection: Projection
    let now: @Sendable () -> Date
    let state: Mutex<InMemoryProjectionState<Projection.Key, Projection.Row>>
    /// The stream that a row belongs to, where there is a single one.
    private let owner: (@Sendable (Projection.Key) throws -> StreamName)?

    /// Rows that events of several streams may change. The projection keeps to a single partition.
    ///
    /// - Parameters:
    ///   - name: the key of the checkpoints.
    ///   - filter: which events it wants; nil for those of its aggregates, see ``RowProjection/filter``.
    public init(
        _ name: String, _ projection: Projection, matching filter: LogFilter? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.name = name
        self.filter = filter ?? Projection.filter
        self.projection = projection
        self.now = now
        owner = nil
        state = Mutex(InMemoryProjectionState(Partitioning(1)))
    }

    /// Rows of one stream each. An event that would change a row of another stream is parked.
    public init(
        _ name: String, _ projection: Projection, matching filter: LogFilter? = nil,
        partitions: Partitioning = Partitioning(1), now: @escaping @Sendable () -> Date = { Date() }
    ) where Projection: StreamRowProjection {
        self.name = name
        self.filter = filter ?? Projection.filter
        self.projection = projection
        self.now = now
        owner = { try projection.stream(of: $0) }
        state = Mutex(InMemoryProjectionState(partitions))
    }

    var isPartitionable: Bool { owner != nil }

    /// The rows as they were last committed.
    public var rows: [Projection.Key: Projection.Row] { state.withLock(\.rows) }

    /// The row of a key; nil when there is none.
    public func row(_ key: Projection.Key) -> Projection.Row? { state.withLock { $0.rows[key] } }

    /// See ``ProjectionTarget/layout()``.
    public func layout() async throws -> ProjectionLayout {
        state.withLock { state in
            ProjectionLayout(
                partitions: state.partitioning, wanted: state.wanted,
                positions: state.partitions.map(\.checkpoint.position), versions: state.partitions.map(\.version))
        }
    }

    /// See ``ProjectionTarget/load(_:of:)``.
    public func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        try state.withLock { state in
            guard state.partitioning == partitioning, state.partitions.indices.contains(partition) else {
                throw CheckpointMoved(projection: name, partition: partition)
            }
            let streams = state.parkedStreams
            return PartitionState(
                checkpoint: state.partitions[partition].checkpoint, version: state.partitions[partition].version,
                parked: streams.filter { partitioning.partition(of: $0.key) == partition },
                parkedStreams: streams.count, isPaused: state.pause != nil)
        }
    }

    /// See ``ProjectionTarget/commit(_:)``.
    public func commit(_ commit: ProjectionCommit) async throws {
        let events = try decoded(commit.applied)
        try state.withLock { state in
            guard state.partitions.indices.contains(commit.partition),
                state.partitions[commit.partition].version == commit.version
            else { throw CheckpointMoved(projection: name, partition: commit.partition) }
            for (key, row) in try projection.fold(events, into: state.rows) { state.rows[key] = row }
            state.take(commit, at: now())
        }
    }

    private func decoded(_ records: [RecordedEvent]) throws -> [Recorded<Projection.Event>] {
        let aggregates = Projection.aggregates
        return try records.compactMap { record in
            guard aggregates.contains(record.type.aggregate),
                let event = try Recorded<Projection.Event>(decoding: record)
            else { return nil }
            if let owner, let key = projection.key(for: event), try owner(key) != record.stream {
                throw PoisonEvent(record, reason: "it would change a row that belongs to another stream")
            }
            return event
        }
    }

    /// See ``ProjectionTarget/parkedPositions(of:in:limit:)``.
    public func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        state.withLock { Array($0.parkedEvents(of: stream).map(\.event.position).prefix(limit)) }
    }

    /// See ``ProjectionTarget/repartition(_:at:into:)``.
    public func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws {
        try state.withLock { state in
            guard state.partitions.map(\.version) == versions else {
                throw CheckpointMoved(projection: name, partition: 0)
            }
            let partition = InMemoryProjectionState<Projection.Key, Projection.Row>.Partition(
                checkpoint: checkpoint, version: (versions.max() ?? 0) + 1, updatedAt: now())
            state.partitions = Array(repeating: partition, count: wanted.count)
        }
    }

    /// See ``ProjectionTarget/note(_:in:)``.
    public func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        state.withLock { state in
            if state.partitions.indices.contains(partition) { state.partitions[partition].stall = stall }
        }
    }
}
