import Logging

extension PartitionRunner {
    /// What has gone wrong since the partition last made progress.
    struct Failures {
        var count = 0
        var stall: ProjectionStall?
        /// The read database may say that the partition stalls; at first, from a process before this one.
        var isNoted = true
    }

    /// Says what is wrong, and waits before the next attempt.
    func handle(_ error: any Error, _ failures: inout Failures) async {
        failures.count += 1
        do {
            if error is CheckpointMoved {
                logger.info("Somebody else has moved the checkpoint; reading on from there")
                return try await clock.pause(after: 1, atMost: configuration.longestPause)
            }
            let stopped = ProjectionStopped(error, of: target.name)
            let stall = ProjectionStall(
                since: failures.stall?.since ?? clock.now(), reason: stopped.map { "\($0)" } ?? "\(error)")
            let isNew = failures.stall != stall
            failures.stall = stall
            failures.isNoted = true
            if let stopped {
                progress.set(.stopped(stopped), of: partition)
                if isNew { logger.critical("Projection stopped", metadata: ["error": "\(stopped)"]) }
            } else {
                progress.set(.failing(stall), of: partition)
                logger.log(
                    level: isNew ? .error : .warning, "Projection failed and will be tried again",
                    metadata: ["error": "\(error)", "failures": "\(failures.count)"])
            }
            // The read database may be what is wrong.
            if isNew { try? await target.note(stall, in: partition) }
            if stopped?.reason == .fatalError, watch.version != nil {
                try await waitForAdministrator()
            } else if stopped != nil {
                try await clock.sleep(for: configuration.stoppedInterval)
            } else {
                try await clock.pause(after: failures.count, atMost: configuration.longestPause)
            }
        } catch {
            // Cancelled while it waited: the caller looks.
        }
    }

    /// Waits until the version of the partition changes: resuming the projection changes it.
    private func waitForAdministrator() async throws {
        while !watch.isMoved { _ = try await appended.wait(until: Position(.max), unless: watch.interruption) }
    }
}
