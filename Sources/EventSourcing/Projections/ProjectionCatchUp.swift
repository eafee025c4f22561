package import Logging

/// Brings the partitions of a projection to given places in the log, and then stops: the engine of ``ProjectionRunner``,
/// for what is not to follow the log for ever.
package struct ProjectionCatchUp: Sendable {
    private let reader: any EventReader
    private let target: any ProjectionTarget
    private let configuration: ProjectionRunner.Configuration
    private let logger: Logger

    package init(
        reading reader: any EventReader, into target: any ProjectionTarget,
        configuration: ProjectionRunner.Configuration, logger: Logger
    ) {
        self.reader = reader
        self.target = target
        self.configuration = configuration
        self.logger = logger
    }

    /// Brings a partition to a checkpoint of the log that is read; one that is there already stays as it is.
    ///
    /// - Returns: false when the projection is paused, and so was not brought there.
    /// - Throws: ``CheckpointMoved`` when it is further on, or somebody else runs it; ``ProjectionStopped``.
    package func bring(_ partition: Int, of partitioning: Partitioning, to goal: Checkpoint) async throws -> Bool {
        let pages = LogPages(
            reader: reader, projection: target.name, filter: target.filter, size: configuration.batchSize)
        let runner = PartitionRunner(
            partition: partition, partitioning: partitioning, target: target, pages: pages, appended: PositionSignal(),
            progress: ProjectionProgress(announcing: PositionSignal()), configuration: configuration,
            time: Timekeeper(.continuous), logger: logger)
        return try await runner.catchUp(to: try await pages.verify(goal)) != nil
    }
}

extension EventReader {
    /// The checkpoint with what is missing from it, once it was made sure that it is one of this log.
    ///
    /// - Throws: ``ProjectionStopped`` when it is not.
    package func verify(_ checkpoint: Checkpoint, of projection: String) async throws -> Checkpoint {
        try await LogPages(reader: self, projection: projection, filter: .all, size: 1).verify(checkpoint)
    }
}
