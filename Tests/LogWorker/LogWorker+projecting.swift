import EventSourcing
import EventSourcingPostgres
import ServiceLifecycle

extension LogWorker {
    /// Runs the projections `counts`, of three partitions, and `slow`, as far as this process owns them.
    func project() async throws {
        let ownership = PostgresOwnership(for: Self.name, in: target, logger: logger)
        let counts = PostgresProjection(
            "counts", [PostgresRowReadModel(Counts(), table: countTable("counts"))], partitions: 3, in: target)
        let slow = PostgresProjection(
            "slow", [PostgresRowReadModel(Counts(), table: countTable("slow"))], in: target)
        try await withThrowingTaskGroup { group in
            group.addTask { try await ownership.run() }
            for projection in [counts, slow] {
                group.addTask { try await runner(of: projection, owning: ownership).run() }
            }
            try await group.waitForAll()
        }
    }

    private func runner(of projection: PostgresProjection, owning ownership: PostgresOwnership) -> ProjectionRunner {
        // Small batches make many transactions, and short pauses much of the tests' time.
        var configuration = ProjectionRunner.Configuration()
        configuration.batchSize = 50
        configuration.pollInterval = .milliseconds(50)
        configuration.checkpointInterval = .milliseconds(50)
        configuration.longestPause = .milliseconds(400)
        return ProjectionRunner(
            reading: store, into: projection, owning: ownership, appended: store.appended, applied: PositionSignal(),
            configuration: configuration, logger: logger)
    }
}
