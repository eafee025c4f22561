import EventSourcing
import Synchronization

/// A projection in memory that lists the positions that were applied.
final class ListingTarget: ProjectionTarget {
    struct Content {
        var positions: [Int64] = []
        /// Those of them whose events were redacted.
        var redacted: [Int64] = []
        var checkpoint = Checkpoint.start
        var version: Int64 = 0
        var parked: [StreamName: [Position]] = [:]
        var stall: ProjectionStall?
    }

    let name = "listing"
    let filter: LogFilter
    let content: Mutex<Content>
    private let failures: Counting
    private let poison: Set<Int64>
    /// The position that cannot be applied, and the error of it.
    private let failing: Mutex<(position: Int64, error: any Error)?>
    /// How often it was tried.
    private let failed = Mutex(0)
    private let layouts = Mutex(0)

    init(
        _ filter: LogFilter = .all, at checkpoint: Checkpoint = .start, failures: Int = 0, poison: Set<Int64> = [],
        failing position: Int64 = 0, with error: (any Error)? = nil
    ) {
        self.filter = filter
        content = Mutex(Content(checkpoint: checkpoint))
        self.failures = Counting(from: failures)
        self.poison = poison
        failing = Mutex(error.map { (position, $0) })
    }

    /// How often the failing position was tried.
    var attempts: Int { failed.withLock { $0 } }
    /// How often the layout was asked for.
    var looks: Int { layouts.withLock { $0 } }

    /// Nothing fails any more.
    func mend() { failing.withLock { $0 = nil } }

    var positions: [Int64] { content.withLock(\.positions) }
    var checkpoint: Checkpoint { content.withLock(\.checkpoint) }
    var stall: ProjectionStall? { content.withLock(\.stall) }

    func layout() async throws -> ProjectionLayout {
        layouts.withLock { $0 += 1 }
        return content.withLock { content in
            ProjectionLayout(
                partitions: Partitioning(1), wanted: Partitioning(1), positions: [content.checkpoint.position],
                versions: [content.version])
        }
    }

    func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        content.withLock { content in
            PartitionState(
                checkpoint: content.checkpoint, version: content.version,
                parked: content.parked.mapValues { _ in false },
                parkedStreams: content.parked.count, isPaused: false)
        }
    }

    func commit(_ commit: ProjectionCommit) async throws {
        if failures.countDown() { throw Broken() }
        if let failing = failing.withLock({ $0 }),
            commit.applied.contains(where: { $0.position.rawValue == failing.position })
        {
            failed.withLock { $0 += 1 }
            throw failing.error
        }
        try content.withLock { content in
            guard content.version == commit.version else { throw CheckpointMoved(projection: name, partition: 0) }
            if let event = commit.applied.first(where: { poison.contains($0.position.rawValue) }) {
                throw PoisonEvent(event, reason: "poison")
            }
            content.positions += commit.applied.map(\.position.rawValue)
            content.redacted += commit.applied.filter(\.isRedacted).map(\.position.rawValue)
            for parked in commit.parked {
                content.parked[parked.event.stream, default: []].append(parked.event.position)
            }
            content.checkpoint = commit.checkpoint
            content.version = commit.nextVersion
        }
    }

    func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        content.withLock { Array(($0.parked[stream] ?? []).prefix(limit)) }
    }

    func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws {}

    func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        content.withLock { $0.stall = stall }
    }

    private struct Broken: Error {}
}
