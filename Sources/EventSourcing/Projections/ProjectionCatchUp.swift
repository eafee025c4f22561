package import Logging

/// Brings the partitions of a projection to given places in the log, and then stops: the engine of ``ProjectionRunner``,
/// for what is not to follow the log for ever.
package struct ProjectionCatchUp: Sendable {
    private let target: any ProjectionTarget
    private let pages: LogPages
    private let configuration: ProjectionRunner.Configuration
    private let logger: Logger

    /// So that the connections that it takes are few, however many partitions there are.
    private static let partitionsAtOnce = 3

    package init(
        reading reader: any EventReader, into target: any ProjectionTarget,
        configuration: ProjectionRunner.Configuration = .init(), logger: Logger
    ) {
        self.target = target
        self.configuration = configuration
        self.logger = logger
        pages = LogPages(
            reader: reader, projection: target.name, filter: target.filter, size: configuration.batchSize)
    }

    /// Brings each partition to its checkpoint; one that is there already stays as it is.
    ///
    /// - Parameters:
    ///   - goals: as many as there are partitions, in their order, all of the log that is read.
    ///   - reached: told of every position that all partitions have come to.
    /// - Returns: the versions that the partitions have there; nil when the projection is paused.
    /// - Throws: ``CheckpointMoved`` when a partition is further on, or somebody else runs it; ``ProjectionStopped``.
    package func bring(to goals: [Checkpoint], reached: PositionSignal) async throws -> [Int64]? {
        let progress = ProjectionProgress(announcing: reached)
        progress.begin(try await target.layout())
        return try await withThrowingTaskGroup(of: (Int, Int64?).self) { group in
            var versions = [Int64?](repeating: nil, count: goals.count)
            for (partition, goal) in goals.enumerated() {
                if partition >= Self.partitionsAtOnce, let (done, version) = try await group.next() {
                    versions[done] = version
                }
                let runner = PartitionRunner(
                    partition: partition, partitioning: Partitioning(goals.count), target: target, pages: pages,
                    appended: PositionSignal(), progress: progress, watch: PartitionWatch(),
                    configuration: configuration, clock: .system, logger: logger)
                group.addTask { (partition, try await runner.catchUp(to: try await pages.verify(goal))) }
            }
            for try await (partition, version) in group { versions[partition] = version }
            let found = versions.compactMap(\.self)
            return found.count == goals.count ? found : nil
        }
    }
}
