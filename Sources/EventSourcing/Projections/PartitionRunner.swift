import Logging

/// Feeds the log to one partition of a projection, as its owner.
struct PartitionRunner: Sendable {
    let partition: Int
    let partitioning: Partitioning
    let target: any ProjectionTarget
    let pages: LogPages
    let appended: PositionSignal
    let progress: ProjectionProgress
    let configuration: ProjectionRunner.Configuration
    let time: Timekeeper
    let logger: Logger

    /// What this owner knows of the partition; an error leaves it unknown, and it is loaded anew.
    struct Place {
        var version: Int64
        /// The checkpoint in the read database.
        var committed: Checkpoint
        /// Everything up to here is applied or parked; between the committed checkpoint and here there was nothing.
        var seen: Checkpoint
        /// When it was committed, see ``Timekeeper/elapsed``.
        var committedAt: Duration
        var parked: [StreamName: Bool]
        var parkedStreams: Int
        /// An announced position that was looked for.
        var looked: Position?
    }

    /// Follows the log until the task is cancelled. Whatever goes wrong is noted, and tried again after a pause.
    func run() async {
        var trouble = Trouble()
        while !Task.isCancelled {
            do {
                try await follow {
                    if trouble.isNoted {
                        trouble = Trouble(isNoted: false)
                        try await target.note(nil, in: partition)
                    }
                    trouble.failures = 0
                    progress.set(.running, of: partition)
                }
            } catch is CancellationError {
                return
            } catch {
                if Task.isCancelled { return }
                await handle(error, &trouble)
            }
        }
    }

    /// Brings the partition to the goal.
    ///
    /// - Returns: the version that the partition has there; nil when the projection is paused.
    /// - Throws: ``CheckpointMoved`` when another owner has brought it further.
    func catchUp(to goal: Checkpoint) async throws -> Int64? {
        guard var place = try await begin() else { return nil }
        guard place.seen.position <= goal.position else {
            throw CheckpointMoved(projection: target.name, partition: partition)
        }
        guard place.seen.position < goal.position else { return place.version }
        var page = try await page(after: place.seen, upTo: goal)
        while page.end.position < goal.position {
            // The next page is read and prepared while this one is applied.
            let present = page
            async let next = self.page(after: present.end, upTo: goal)
            try await apply(present, &place)
            page = try await next
        }
        try await apply(page, &place)
        if place.committed.position < place.seen.position { try await commit([], upTo: place.seen, &place) }
        return place.version
    }

    /// Applies page after page; returns when the partition has to be looked at anew.
    private func follow(succeeded: () async throws -> Void) async throws {
        guard var place = try await begin() else { return try await time.sleep(configuration.pollInterval) }
        // What is in the tail already is read once more: it may have been redacted since it was appended.
        let tailStart = pages.tail?.lastPosition
        try await succeeded()
        var page = try await page(after: place.seen)
        while true {
            try Task.checkCancellation()
            if page.isFull {
                // The next page is read and prepared while this one is applied.
                let full = page
                async let next = self.page(after: full.end, tailStart: tailStart)
                try await apply(full, &place)
                page = try await next
            } else {
                let isApplied = page.end.position > place.seen.position
                if isApplied { try await apply(page, &place) }
                // Who announces what is appended is no further than this: there is no use in looking for more.
                if !isApplied || appended.position == place.seen.position {
                    guard try await waitForMore(&place) else { return }
                }
                page = try await self.page(after: place.seen, isNearHead: true, tailStart: tailStart)
            }
        }
    }

    /// Loads the partition, makes sure that the log is still its own, and tries parked streams again where that is
    /// wanted. Nil when the projection is paused.
    private func begin() async throws -> Place? {
        let state = try await target.load(partition, of: partitioning)
        guard !state.isPaused else {
            progress.set(.paused, of: partition)
            return nil
        }
        let checkpoint = try await pages.verify(state.checkpoint)
        var place = Place(
            version: state.version, committed: checkpoint, seen: checkpoint, committedAt: time.elapsed(),
            parked: state.parked, parkedStreams: state.parkedStreams)
        if checkpoint != state.checkpoint, checkpoint.position > .start {
            try await commit([], upTo: checkpoint, &place)
        }
        let retries = state.parked.filter(\.value).keys.sorted { $0.rawValue < $1.rawValue }
        for stream in retries { try await retry(stream, &place) }
        try checkParkedStreams(place)
        progress.reach(place.seen.position, in: partition)
        return place
    }

    /// Waits for events after a page that held none; tells whether the partition is still as it was.
    private func waitForMore(_ place: inout Place) async throws -> Bool {
        try await commitIfDue(&place)
        let next = Position(place.seen.position.rawValue + 1)
        if appended.position < next {
            let isThere = try await appended.wait(until: next) { try await time.sleep(configuration.pollInterval) }
            if isThere { return true }
        } else if place.looked != next {
            place.looked = next
            return true
        } else {
            // Announced, and yet the log does not have it: no use to ask again at once.
            try await time.sleep(configuration.pollInterval)
        }
        return try await target.load(partition, of: partitioning).version == place.version
    }

    func checkParkedStreams(_ place: Place) throws {
        guard place.parkedStreams >= configuration.parkedStreamsLimit else { return }
        throw ProjectionStopped(
            target.name, .tooManyParkedStreams, finding: "\(place.parkedStreams) streams are parked")
    }
}
