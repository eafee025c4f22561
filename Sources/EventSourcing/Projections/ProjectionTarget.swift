public import FoundationEssentials

/// Where a projection keeps its read model and, beside it in the same database, how far it has come.
///
/// What is promised here makes the whole engine exactly-once in effect: a commit is one transaction, and it is refused
/// unless the partition still has the version that the committing owner has seen. So two owners of one partition, an
/// owner that was thought dead, and an administrator never overwrite each other. A commit need not outlast a crash of the
/// database, as long as none that followed it does: it is found out, and made again.
public protocol ProjectionTarget: Sendable {
    /// The projection's name, the key of its checkpoints. It never changes.
    var name: String { get }

    /// Which events the projection wants to see.
    var filter: LogFilter { get }

    /// How the projection is laid out and how far its partitions have come; the first call makes it known, with as many
    /// partitions as the target was given.
    func layout() async throws -> ProjectionLayout

    /// What the owner of a partition has to know to go on with it.
    ///
    /// - Throws: ``CheckpointMoved`` when the projection is partitioned in another way by now.
    func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState

    /// What can be done with events before it is their turn, such as decoding them, while those before them are written.
    /// It changes nothing, and what it cannot do is left to ``commit(_:)``.
    ///
    /// - Returns: what a commit of exactly these events is given as ``ProjectionCommit/prepared``; nil for nothing.
    func prepare(_ events: [RecordedEvent]) -> (any Sendable)?

    /// Changes rows, parked events and checkpoint of a partition, all or nothing, and gives it the commit's next version.
    ///
    /// - Throws: ``CheckpointMoved`` when the partition is no longer at the commit's version; an error that is
    ///   parked (``ErrorCategory/reaction``) when these events can never be applied. Nothing has changed then.
    func commit(_ commit: ProjectionCommit) async throws

    /// The positions of the parked events of a stream, in order.
    func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position]

    /// Replaces all partitions by as many as are wanted, each at the checkpoint; parked events move to the partition that
    /// their stream belongs to now.
    ///
    /// - Parameter versions: those that the partitions have, in their order; they are all at the checkpoint.
    /// - Throws: ``CheckpointMoved`` when one of them has another; nothing has changed then.
    func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws

    /// Notes since when a partition has not got on, and why; nil when it gets on again.
    func note(_ stall: ProjectionStall?, in partition: Int) async throws
}

extension ProjectionTarget {
    /// Prepares nothing.
    public func prepare(_ events: [RecordedEvent]) -> (any Sendable)? { nil }
}

/// How many partitions a projection has, and how far they have come.
public struct ProjectionLayout: Hashable, Sendable {
    /// As many as there are now.
    public let partitions: Partitioning
    /// As many as there will be; the engine changes the number where they differ.
    public let wanted: Partitioning
    /// The positions of the partitions, in their order.
    public let positions: [Position]
    /// The versions of the partitions, in their order.
    public let versions: [Int64]

    /// For targets.
    public init(partitions: Partitioning, wanted: Partitioning, positions: [Position], versions: [Int64]) {
        self.partitions = partitions
        self.wanted = wanted
        self.positions = positions
        self.versions = versions
    }

    /// Everything up to here has been seen by all partitions.
    public var position: Position { positions.min() ?? .start }
}

/// A partition as its owner finds it.
public struct PartitionState: Hashable, Sendable {
    /// How far the partition has come.
    public let checkpoint: Checkpoint
    /// Changes with every commit, by whomever.
    public let version: Int64
    /// The streams that are parked; true for those that an administrator wants tried again.
    public let parked: [StreamName: Bool]
    /// How many streams are parked in the whole projection.
    public let parkedStreams: Int
    /// Whether an administrator has paused the projection.
    public let isPaused: Bool

    /// For targets.
    public init(
        checkpoint: Checkpoint, version: Int64, parked: [StreamName: Bool], parkedStreams: Int, isPaused: Bool
    ) {
        self.checkpoint = checkpoint
        self.version = version
        self.parked = parked
        self.parkedStreams = parkedStreams
        self.isPaused = isPaused
    }
}

/// Since when a partition has not got on, and on what.
public struct ProjectionStall: Hashable, Sendable {
    /// Since when.
    public let since: Date
    /// Why, for people.
    public let reason: String

    /// Notes what a partition waits for.
    public init(since: Date, reason: String) {
        self.since = since
        self.reason = reason
    }
}

/// Somebody else has changed the partition: another owner, or an administrator. Nothing was applied.
public struct CheckpointMoved: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of the projection.
    public let projection: String
    /// The number of the partition, from 0.
    public let partition: Int

    /// For targets: throw it when the version is not the one that was read.
    public init(projection: String, partition: Int) {
        self.projection = projection
        self.partition = partition
    }

    /// Names projection and partition.
    public var description: String { "projection \(projection): somebody else has changed partition \(partition)" }
}
