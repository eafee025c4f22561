public import Logging
public import ServiceLifecycle

/// Feeds the log to one projection: from its checkpoints to the head, then each new event as it comes.
///
/// Each partition is followed by itself, and while it is owned if there is an ``Ownership``. Projections do not wait for
/// each other either: a pipeline of several is as many runners. It stops for graceful shutdown between two batches.
/// What fails is tried again after a pause that grows with the failures; an event that can never be applied is parked with
/// its stream; a fatal error, and an event store that is no longer the one that was read, stop the projection, see
/// ``ErrorCategory/reaction``. In all of this each event is applied exactly once in effect, see ``ProjectionTarget``.
public struct ProjectionRunner: Service {
    private let reader: any EventReader
    private let target: any ProjectionTarget
    private let ownership: (any Ownership)?
    private let appended: PositionSignal
    private let applied: PositionSignal
    private let tail: (any RecentEvents)?
    private let progress: ProjectionProgress
    private let configuration: Configuration
    private let clock: ServiceClock
    private let logger: Logger

    /// The log is read only for what was not announced, and that is rare.
    private static let pollsForEachRead = 3

    /// How a runner reads and waits.
    public struct Configuration: Sendable {
        /// The most events of one batch, and so of one transaction.
        public var batchSize = 1_000
        /// How often the projection is looked at when nothing is announced: an administrator's change can stay unnoticed
        /// for as long. With every third look the log is read, too: an event of another process whose announcement was
        /// lost can stay unnoticed three times as long.
        public var pollInterval: Duration = .seconds(2)
        /// How often a process looks what others apply while somebody waits for it, if several processes share the
        /// partitions of the projection.
        public var watchInterval: Duration = .milliseconds(20)
        /// The longest pause after repeated failures.
        public var longestPause: Duration = .seconds(5)
        /// How often a stopped projection looks whether somebody has mended what stopped it.
        public var stoppedInterval: Duration = .seconds(5)
        /// How long the checkpoint can stay behind when the projection wants none of the events.
        public var checkpointInterval: Duration = .seconds(1)
        /// How many unwanted events the checkpoint can stay behind.
        public var checkpointDistance: Int64 = 10_000
        /// As many parked streams stop the projection.
        public var parkedStreamsLimit = 100

        /// The defaults.
        public init() {}
    }

    /// - Parameters:
    ///   - ownership: keeps a partition from being run in several processes; nil where there is one process.
    ///   - appended: announces what this process appends.
    ///   - tail: what this process appends to the log that the reader reads, in the form in which it reads it; nil if
    ///     everything is to be read.
    ///   - applied: told of every position up to which the read model has come.
    ///   - clock: measures pauses and intervals; a stall is noted with its time of day.
    public init(
        reading reader: any EventReader, into target: any ProjectionTarget, owning ownership: (any Ownership)? = nil,
        appended: PositionSignal, tail: LogTail? = nil, applied: PositionSignal,
        configuration: Configuration = Configuration(), clock: ServiceClock = .system, logger: Logger
    ) {
        let recent: (any RecentEvents)? = tail
        self.init(
            reading: reader, into: target, owning: ownership, appended: appended, tail: recent, applied: applied,
            configuration: configuration, clock: clock, logger: logger)
    }

    init(
        reading reader: any EventReader, into target: any ProjectionTarget, owning ownership: (any Ownership)?,
        appended: PositionSignal, tail: (any RecentEvents)?, applied: PositionSignal, configuration: Configuration,
        clock: ServiceClock, logger: Logger
    ) {
        self.reader = reader
        self.target = target
        self.ownership = ownership
        self.appended = appended
        self.tail = tail
        self.applied = applied
        progress = ProjectionProgress(announcing: applied)
        self.configuration = configuration
        self.clock = clock
        var logger = logger
        logger[metadataKey: "projection.name"] = "\(target.name)"
        self.logger = logger
    }

    /// What the partitions are doing that this process runs, by their numbers.
    public var activities: [Int: ProjectionActivity] { progress.activities }

    /// Follows the log until the task is cancelled or the service shut down; failures are logged and tried again.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await runUntilCancelled() }
    }

    func runUntilCancelled() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let layout = try await target.layout()
                failures = 0
                progress.begin(layout)
                if layout.wanted == layout.partitions {
                    await runPartitions(layout)
                } else {
                    try await repartition(layout)
                }
            } catch {
                if Task.isCancelled { return }
                failures += 1
                logger.log(
                    level: failures == 1 ? .error : .warning, "Projection cannot start and will be tried again",
                    metadata: ["error": "\(error)"])
                try? await clock.pause(after: failures, atMost: configuration.longestPause)
            }
        }
    }
}

extension ProjectionRunner {
    /// Follows the log with all partitions until their number is to change, or the task is cancelled.
    private func runPartitions(_ layout: ProjectionLayout) async {
        await withTaskGroup { group in
            for partition in 0..<layout.partitions.count {
                group.addTask { await runOwned(runner(of: partition, in: layout)) }
            }
            group.addTask { await watch(layout) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Runs a partition whenever it is owned.
    private func runOwned(_ runner: PartitionRunner) async {
        guard let ownership else { return await runner.run() }
        var failures = 0
        while !Task.isCancelled {
            do {
                try await ownership.own(resource(runner.partition)) {
                    progress.own(runner.partition)
                    defer { progress.disown(runner.partition) }
                    await runner.run()
                }
                failures = 0
            } catch {
                if Task.isCancelled { return }
                failures += 1
                logger.info("Partition is not owned", metadata: ["error": "\(error)"])
                try? await clock.pause(after: failures, atMost: configuration.longestPause)
            }
        }
    }

    /// Polls the projection: tells the owners of the partitions in this process, and finds out how far those of other
    /// processes have come. Returns when the number of partitions is to change.
    private func watch(_ layout: ProjectionLayout) async {
        let watches = progress.watches
        var polls = 0
        var invalidations = applied.invalidations.position
        while !Task.isCancelled {
            do { try await waitForPoll(layout, after: invalidations) } catch { return }
            invalidations = applied.invalidations.position
            let before = watches.map(\.version)
            let found = try? await target.layout()
            if let found {
                guard found.partitions == layout.partitions, found.wanted == layout.partitions else { return }
                // What was found before an invalidation may be lost, too.
                if applied.invalidations.position == invalidations {
                    for (partition, position) in found.positions.enumerated() {
                        progress.reach(position, in: partition)
                    }
                }
            }
            polls += 1
            // Owners meet a failure of the read database themselves, and report it.
            for (partition, watch) in watches.enumerated() {
                watch.polled(
                    found?.versions[partition], before: before[partition],
                    wakes: polls.isMultiple(of: Self.pollsForEachRead))
            }
        }
    }

    /// Waits until a poll is due: at the poll interval, at once when the positions are invalidated, and at the watch interval
    /// while a caller of this process waits for several partitions of which other processes run some. What a single
    /// partition applies is announced by its owner.
    private func waitForPoll(_ layout: ProjectionLayout, after invalidations: Position) async throws {
        guard ownership != nil, layout.partitions.count > 1, !progress.isOwned else {
            return try await clock.wait(
                for: applied.invalidations, until: Position(invalidations.rawValue + 1),
                atMost: configuration.pollInterval)
        }
        let waits = applied.waits
        let next = Position(waits.position.rawValue + 1)
        if !applied.isAwaited { try await clock.wait(for: waits, until: next, atMost: configuration.pollInterval) }
        try await clock.sleep(for: configuration.watchInterval)
    }

    /// Brings all partitions to one position, and replaces them by as many as are wanted.
    private func repartition(_ layout: ProjectionLayout) async throws {
        var goal = Checkpoint.start
        for partition in 0..<layout.partitions.count {
            let checkpoint = try await target.load(partition, of: layout.partitions).checkpoint
            if checkpoint.position > goal.position { goal = checkpoint }
        }
        goal = try await pages.verify(goal)
        var versions: [Int64] = []
        for partition in 0..<layout.partitions.count {
            let runner = runner(of: partition, in: layout)
            let version =
                if let ownership {
                    try await ownership.own(resource(partition)) { [goal] in try await runner.catchUp(to: goal) }
                } else {
                    try await runner.catchUp(to: goal)
                }
            guard let version else { return try await clock.sleep(for: configuration.pollInterval) }
            versions.append(version)
        }
        try await target.repartition(versions, at: goal, into: layout.wanted)
        logger.notice("Partitions replaced", metadata: ["projection.partitions": "\(layout.wanted.count)"])
    }

    private func runner(of partition: Int, in layout: ProjectionLayout) -> PartitionRunner {
        var logger = logger
        logger[metadataKey: "projection.partition"] = "\(partition)"
        return PartitionRunner(
            partition: partition, partitioning: layout.partitions, target: target, pages: pages, appended: appended,
            progress: progress, watch: progress.watches[partition], configuration: configuration, clock: clock,
            logger: logger)
    }

    private var pages: LogPages {
        LogPages(
            reader: reader, projection: target.name, filter: target.filter, size: configuration.batchSize, tail: tail)
    }

    private func resource(_ partition: Int) -> String { Self.resource(partition, of: target.name) }

    /// What a process owns that runs a partition, see ``Ownership``.
    package static func resource(_ partition: Int, of projection: String) -> String {
        "projection/\(projection)/\(partition)"
    }
}
