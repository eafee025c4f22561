import Logging

extension PartitionRunner {
    /// Applies what belongs to the partition. An event that cannot be applied is looked for by halving, and parked; the
    /// later ones of its stream are parked behind it.
    func apply(_ page: PartitionPage, _ state: inout RunState) async throws {
        guard !page.events.isEmpty else {
            state.seen = page.end
            progress.reach(page.end.position, in: partition)
            return try await commitIfDue(&state)
        }
        var rest = page.events[...]
        var size = rest.count
        while !rest.isEmpty {
            let events = rest.prefix(size)
            let end = events.count == rest.count ? page.end : state.seen.moved(to: events.last)
            do {
                try await commit(
                    events, prepared: events.count == page.events.count ? page.prepared : nil, upTo: end, &state)
                rest = rest.dropFirst(events.count)
                size = min(rest.count, size * 2)
            } catch  where ErrorCategory(of: error).reaction == .park {
                size = events.count / 2
                guard size == 0, let event = events.first else { continue }
                try await park(event, because: error, upTo: end, &state)
                rest = rest.dropFirst()
                size = 1
            }
            progress.reach(state.seen.position, in: partition)
        }
    }

    /// Applies events, those of parked streams excepted, and moves the checkpoint.
    func commit(
        _ events: ArraySlice<RecordedEvent>, prepared: (any Sendable)? = nil, upTo end: Checkpoint,
        _ state: inout RunState
    ) async throws {
        var commit = emptyCommit(upTo: end, state)
        commit.applied = events.filter { state.parked[$0.stream] == nil }
        if commit.applied.count == events.count {
            commit.prepared = prepared
        } else {
            commit.parked = events.filter { state.parked[$0.stream] != nil }.map { ParkedEvent($0, reason: nil) }
        }
        try await perform(commit, &state)
    }

    private func park(
        _ event: RecordedEvent, because error: any Error, upTo end: Checkpoint, _ state: inout RunState
    ) async throws {
        var commit = emptyCommit(upTo: end, state)
        commit.parked = [ParkedEvent(event, reason: "\(error)")]
        try await perform(commit, &state)
        state.parked[event.stream] = false
        state.parkedStreams += 1
        logger.error(
            "Event parked, and its stream with it",
            metadata: ["event.position": "\(event.position)", "stream": "\(event.stream)", "error": "\(error)"]
                .merging(MessageContext.metadata(of: event)) { $1 })
        try checkParkedStreams(state)
    }

    /// Moves the checkpoint over events that the projection does not want, at a bounded rate.
    func commitIfDue(_ state: inout RunState) async throws {
        let distance = state.seen.position.rawValue - state.committed.position.rawValue
        guard distance > 0 else { return }
        let isDue =
            distance >= configuration.checkpointDistance
            || clock.elapsed() - state.committedAt >= configuration.checkpointInterval
        if isDue { try await commit([], upTo: state.seen, &state) }
    }

    /// A commit that does nothing yet but move the checkpoint.
    private func emptyCommit(upTo end: Checkpoint, _ state: RunState) -> ProjectionCommit {
        let distance = 1 + Int64(clock.jitter() * Self.versionDistance)
        return ProjectionCommit(
            partition: partition, version: state.version, nextVersion: state.version + distance, checkpoint: end)
    }

    /// Versions are drawn from as many numbers, so that two commits hardly ever lead to the same one.
    private static let versionDistance = Double(1 << 20)

    private func perform(_ commit: ProjectionCommit, _ state: inout RunState) async throws {
        try await target.commit(commit)
        state.version = commit.nextVersion
        watch.follow(state.version)
        state.committed = commit.checkpoint
        state.seen = commit.checkpoint
        state.committedAt = clock.elapsed()
    }
}

// MARK: - Parked streams

extension PartitionRunner {
    /// Applies the parked events of a stream, in order, until one of them fails again.
    func retry(_ stream: StreamName, _ state: inout RunState) async throws {
        var size = configuration.batchSize
        while true {
            let positions = try await target.parkedPositions(of: stream, in: partition, limit: size)
            var events: [RecordedEvent] = []
            for position in positions { events.append(try await pages.event(at: position)) }
            let isLast = positions.count < size
            var commit = emptyCommit(upTo: state.seen, state)
            commit.applied = events
            commit.released = positions
            if isLast { commit.retried = [stream] }
            do {
                try await perform(commit, &state)
                guard isLast else { continue }
                state.parked[stream] = nil
                state.parkedStreams -= 1
                return
            } catch  where ErrorCategory(of: error).reaction == .park {
                size = events.count / 2
                guard size == 0, let event = events.first else { continue }
                var commit = emptyCommit(upTo: state.seen, state)
                commit.parked = [ParkedEvent(event, reason: "\(error)")]
                commit.retried = [stream]
                try await perform(commit, &state)
                state.parked[stream] = false
                return
            }
        }
    }
}
