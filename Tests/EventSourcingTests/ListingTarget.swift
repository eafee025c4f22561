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

    init(
        _ filter: LogFilter = .all, at checkpoint: Checkpoint = .start, failures: Int = 0, poison: Set<Int64> = []
    ) {
        self.filter = filter
        content = Mutex(Content(checkpoint: checkpoint))
        self.failures = Counting(from: failures)
        self.poison = poison
    }

    var positions: [Int64] { content.withLock(\.positions) }
    var checkpoint: Checkpoint { content.withLock(\.checkpoint) }
    var stall: ProjectionStall? { content.withLock(\.stall) }

    func layout() async throws -> ProjectionLayout {
        content.withLock { content in
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
