import Logging

/// Feeds the log to one partition of a projection, as its owner.
struct PartitionRunner: Sendable {
    let partition: Int
    let partitioning: Partitioning
    let target: any ProjectionTarget
    let pages: LogPages
    let appended: PositionSignal
    let progress: ProjectionProgress
    let watch: PartitionWatch
    let configuration: ProjectionRunner.Configuration
    let clock: ServiceClock
    let logger: Logger

    /// What this owner knows of the partition. After an error it is unknown, and loaded again.
    struct RunState {
        var version: Int64
        /// The checkpoint in the read database.
        var committed: Checkpoint
        /// Everything up to here is applied or parked; between the committed checkpoint and here there was nothing.
        var seen: Checkpoint
        /// When it was committed, see ``ServiceClock/elapsed``.
        var committedAt: Duration
        var parked: [StreamName: Bool]
        var parkedStreams: Int
        /// An announced position that was looked for.
        var looked: Position?
    }

    /// Follows the log until the task is cancelled. What goes wrong is noted, and tried again after a pause.
    func run() async {
        var failures = Failures()
        defer { watch.follow(nil) }
        while !Task.isCancelled {
            do {
                try await follow {
                    if failures.isNoted {
                        failures = Failures(isNoted: false)
                        try await target.note(nil, in: partition)
                    }
                    failures.count = 0
                    progress.set(.running, of: partition)
                }
            } catch is CancellationError {
                return
            } catch {
                if Task.isCancelled { return }
                await handle(error, &failures)
            }
        }
    }

    /// Brings the partition to the goal.
    ///
    /// - Returns: the version that the partition has there; nil when the projection is paused.
    /// - Throws: ``CheckpointMoved`` when another owner has brought it further.
    func catchUp(to goal: Checkpoint) async throws -> Int64? {
        guard var state = try await begin() else { return nil }
        guard state.seen.position <= goal.position else {
            throw CheckpointMoved(projection: target.name, partition: partition)
        }
        guard state.seen.position < goal.position else { return state.version }
        var page = try await page(after: state.seen, upTo: goal)
        while page.end.position < goal.position {
            // The next page is read and prepared while this one is applied.
            let present = page
            async let next = self.page(after: present.end, upTo: goal)
            try await apply(present, &state)
            page = try await next
        }
        try await apply(page, &state)
        if state.committed.position < state.seen.position { try await commit([], upTo: state.seen, &state) }
        return state.version
    }

    /// Applies page after page; returns when the partition has to be loaded again.
    ///
    /// - Parameter succeeded: called when the first page is applied: until then nothing that went wrong before is mended.
    private func follow(succeeded: () async throws -> Void) async throws {
        guard var state = try await begin() else { return try await clock.sleep(for: configuration.pollInterval) }
        // What is in the tail already is read once more: it may have been redacted since it was appended.
        let tailStart = pages.tail?.lastPosition
        var page = try await page(after: state.seen)
        var isFirst = true
        while true {
            try Task.checkCancellation()
            if page.isFull {
                // The next page is read and prepared while this one is applied.
                let full = page
                async let next = self.page(after: full.end, tailStart: tailStart)
                try await apply(full, &state)
                if isFirst { try await succeeded() }
                page = try await next
            } else {
                let isApplied = page.end.position > state.seen.position
                if isApplied { try await apply(page, &state) }
                if isFirst { try await succeeded() }
                // What is announced is no further than this: there is no use in looking for more.
                if !isApplied || appended.position == state.seen.position {
                    guard try await waitForMore(&state) else { return }
                }
                page = try await self.page(after: state.seen, isNearHead: true, tailStart: tailStart)
            }
            isFirst = false
        }
    }

    /// Loads the partition, makes sure that the log is still its own, and tries parked streams again where that is
    /// wanted. Nil when the projection is paused.
    private func begin() async throws -> RunState? {
        let loaded = try await target.load(partition, of: partitioning)
        guard !loaded.isPaused else {
            progress.set(.paused, of: partition)
            return nil
        }
        watch.follow(loaded.version)
        let checkpoint = try await pages.verify(loaded.checkpoint)
        var state = RunState(
            version: loaded.version, committed: checkpoint, seen: checkpoint, committedAt: clock.elapsed(),
            parked: loaded.parked, parkedStreams: loaded.parkedStreams)
        if checkpoint != loaded.checkpoint, checkpoint.position > .start {
            try await commit([], upTo: checkpoint, &state)
        }
        let retries = loaded.parked.filter(\.value).keys.sorted { $0.rawValue < $1.rawValue }
        for stream in retries { try await retry(stream, &state) }
        try checkParkedStreams(state)
        progress.begin(at: state.seen.position, in: partition)
        return state
    }

    /// Waits for events after a page that held none, or for the next poll; tells whether the partition is still as it
    /// was.
    private func waitForMore(_ state: inout RunState) async throws -> Bool {
        try await commitIfDue(&state)
        let next = Position(state.seen.position.rawValue + 1)
        let isAnnounced = appended.position >= next
        if isAnnounced, state.looked != next {
            state.looked = next
            return true
        }
        // What was announced and yet is not in the log is looked for again at the next poll.
        _ = try await appended.wait(
            until: isAnnounced ? Position(.max) : next, unless: watch.interruption)
        return !watch.isMoved
    }

    func checkParkedStreams(_ state: RunState) throws {
        guard state.parkedStreams >= configuration.parkedStreamsLimit else { return }
        throw ProjectionStopped(
            target.name, .tooManyParkedStreams, finding: "\(state.parkedStreams) streams are parked")
    }
}
