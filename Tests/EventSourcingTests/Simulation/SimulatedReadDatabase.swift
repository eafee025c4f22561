import EventSourcing
import EventSourcingTesting
import Synchronization

/// A read database in memory. Commits of projections do not wait for its disk: it can lose the last ones, in a crash.
///
/// A row is the list of the positions that were applied to it, so that twice, in the wrong order, or left out shows.
final class SimulatedReadDatabase: Sendable {
    /// A mistake that the invariants have to find.
    enum Mistake: CaseIterable, Sendable {
        /// The checkpoint follows in a transaction of its own.
        case checkpointInAnotherTransaction
        /// The rows follow in a transaction of their own.
        case rowsInAnotherTransaction
        /// The checkpoint is set, wherever it was.
        case noCompareAndSet
        /// A commit whose answer is lost is made again.
        case lostAnswerIsRepeated
        /// Rows are remembered whatever becomes of their commit, and whichever process writes them later.
        case staleRows
        /// A process takes what it has appended for all that there is.
        case tailWithHole
        /// A commit leads to a version that a commit which was lost had led to.
        case repeatedVersions
    }

    struct Partition {
        var checkpoint = Checkpoint.start
        var version: Int64 = 0
    }

    /// What a commit of a projection changes.
    struct Projected {
        var partitions: [Partition] = [Partition()]
        var rows: [StreamName: [Int64]] = [:]
        var parked: [StreamName: [Int64]] = [:]
        var retries: Set<StreamName> = []
    }

    @dynamicMemberLookup struct Content {
        var projected = Projected()
        /// How it was before each of the commits that can be lost, in order.
        var beforeCommits: [Projected] = []
        var wanted = 1
        var isPaused = false
        var poison: Set<Int64> = []
        /// While it is true, everything can fail.
        var hasFaults = true
        /// The versions and positions of all commits, in order.
        var commits: [Int64] = []
        /// What was found wrong at a commit.
        var violations: [String] = []

        subscript<Value>(dynamicMember member: WritableKeyPath<Projected, Value>) -> Value {
            get { projected[keyPath: member] }
            set { projected[keyPath: member] = newValue }
        }

        /// A commit that does wait for the disk: none before it can be lost.
        mutating func flush() { beforeCommits = [] }

        /// A crash in which the last commits are lost.
        mutating func lose(_ commits: Int) {
            guard commits > 0, let before = beforeCommits.dropLast(commits - 1).last else { return }
            projected = before
            beforeCommits.removeLast(commits)
        }
    }

    let content = Mutex(Content())
    let executor: SimulatedExecutor
    let clock: ManualClock
    let mistake: Mistake?

    init(on executor: SimulatedExecutor, _ clock: ManualClock, making mistake: Mistake? = nil) {
        self.executor = executor
        self.clock = clock
        self.mistake = mistake
    }

    struct Broken: Error {}

    /// What was sent has happened, and nobody has said so.
    struct AnswerLost: Error {}

    /// An `await` that may take long, or fail.
    func round() async throws {
        await Task.yield()
        guard content.withLock({ $0.hasFaults }) else { return }
        switch executor.random(below: 24) {
        case 0: throw Broken()
        case 1: try await clock.sleep(for: .milliseconds(executor.random(below: 2_000)))
        default: break
        }
    }
}

extension SimulatedReadDatabase {
    var name: String { "simulated" }

    func layout() async throws -> ProjectionLayout {
        try await round()
        return content.withLock { content in
            ProjectionLayout(
                partitions: Partitioning(content.partitions.count), wanted: Partitioning(content.wanted),
                positions: content.partitions.map(\.checkpoint.position), versions: content.partitions.map(\.version))
        }
    }

    func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        try await round()
        return try content.withLock { content in
            guard content.partitions.count == partitioning.count else {
                throw CheckpointMoved(projection: name, partition: partition)
            }
            let parked = content.parked.filter { partitioning.partition(of: $0.key) == partition }
            return PartitionState(
                checkpoint: content.partitions[partition].checkpoint, version: content.partitions[partition].version,
                parked: Dictionary(uniqueKeysWithValues: parked.keys.map { ($0, content.retries.contains($0)) }),
                parkedStreams: content.parked.count, isPaused: content.isPaused)
        }
    }

    /// Reads rows as of a version of their partition.
    func rows(
        of streams: [StreamName], in partition: Int, at version: Int64
    ) async throws -> [StreamName: [Int64]] {
        try await round()
        return try content.withLock { content in
            guard content.partitions.indices.contains(partition),
                content.partitions[partition].version == version || mistake == .noCompareAndSet
            else { throw CheckpointMoved(projection: name, partition: partition) }
            return content.rows.filter { streams.contains($0.key) }
        }
    }

    /// Moves the checkpoint and writes the rows, in one trip.
    func commit(_ commit: ProjectionCommit, rows: [StreamName: [Int64]]) async throws {
        try await round()
        switch mistake {
        case .checkpointInAnotherTransaction:
            try content.withLock { try $0.write(commit, rows, of: self) }
            try await round()
            try content.withLock { try $0.move(commit, of: self) }
        case .rowsInAnotherTransaction:
            try content.withLock { try $0.move(commit, of: self) }
            try await round()
            try content.withLock { try $0.write(commit, rows, of: self) }
        default:
            try content.withLock { content in
                var changed = content
                try changed.move(commit, of: self)
                try changed.write(commit, rows, of: self)
                changed.beforeCommits.append(content.projected)
                content = changed
            }
        }
        // From here on the commit can be seen, and its answer can be lost.
        do { try await round() } catch is Broken { throw AnswerLost() }
    }

    func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        try await round()
        return content.withLock { ($0.parked[stream] ?? []).prefix(limit).map(Position.init) }
    }

    func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws {
        try await round()
        try content.withLock { content in
            guard content.partitions.map(\.version) == versions else {
                throw CheckpointMoved(projection: name, partition: 0)
            }
            if content.partitions.contains(where: { $0.checkpoint.position != checkpoint.position }) {
                content.violations.append("partitions were replaced that are not at one position")
            }
            let version = (versions.max() ?? 0) + 1
            content.partitions = Array(
                repeating: Partition(checkpoint: checkpoint, version: version), count: wanted.count)
            content.flush()
        }
        try await round()
    }

    func note(_ stall: ProjectionStall?, in partition: Int) async throws { try await round() }
}

extension SimulatedReadDatabase.Content {
    fileprivate mutating func move(_ commit: ProjectionCommit, of database: SimulatedReadDatabase) throws {
        let isExpected =
            projected.partitions.indices.contains(commit.partition)
            && projected.partitions[commit.partition].version == commit.version
        guard
            isExpected
                || database.mistake == .noCompareAndSet && projected.partitions.indices.contains(commit.partition)
        else {
            throw CheckpointMoved(projection: database.name, partition: commit.partition)
        }
        commits += [commit.version, commit.checkpoint.position.rawValue]
        projected.partitions[commit.partition] = .init(checkpoint: commit.checkpoint, version: commit.nextVersion)
    }

    fileprivate mutating func write(
        _ commit: ProjectionCommit, _ written: [StreamName: [Int64]], of database: SimulatedReadDatabase
    ) throws {
        if let event = commit.applied.first(where: { poison.contains($0.position.rawValue) }) {
            throw PoisonEvent(event, reason: "poison")
        }
        for position in commit.released {
            for stream in projected.parked.keys where projected.parked[stream]!.contains(position.rawValue) {
                if projected.parked[stream]!.first != position.rawValue {
                    violations.append("\(position) released out of turn")
                }
                projected.parked[stream]!.removeAll { $0 == position.rawValue }
                if projected.parked[stream]!.isEmpty { projected.parked[stream] = nil }
            }
        }
        for event in commit.applied {
            if let first = projected.parked[event.stream]?.first, first < event.position.rawValue {
                violations.append("\(event.position) applied before \(first), which is parked")
            }
        }
        projected.rows.merge(written) { $1 }
        for event in commit.parked.map(\.event)
        where projected.parked[event.stream]?.contains(event.position.rawValue) != true {
            projected.parked[event.stream, default: []].append(event.position.rawValue)
        }
        projected.retries.subtract(commit.retried)
    }
}
