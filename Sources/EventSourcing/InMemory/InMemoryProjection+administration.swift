import Synchronization

/// The administration of this one projection.
extension InMemoryProjection: ProjectionAdministration {
    /// See ``ProjectionAdministration/projections()``.
    public func projections() async throws -> [ProjectionStatus] {
        state.withLock { state in
            [
                ProjectionStatus(
                    projection: name,
                    partitions: state.partitions.map {
                        .init(checkpoint: $0.checkpoint, updatedAt: $0.updatedAt, stall: $0.stall)
                    },
                    wantedPartitions: state.wanted.count, parkedStreams: state.parkedStreams.count,
                    parkedEvents: state.parked.values.count { $0.skip == nil }, pause: state.pause)
            ]
        }
    }

    /// See ``ProjectionAdministration/parkedEvents(of:after:limit:)``.
    public func parkedEvents(
        of projection: String, after position: Position, limit: Int
    ) async throws -> [ParkedEventStatus] {
        state.withLock { state in
            let found = state.parked.values.filter { $0.event.position > position }
            return found.sorted { $0.event.position < $1.event.position }.prefix(limit).map { entry in
                ParkedEventStatus(
                    position: entry.event.position, stream: entry.event.stream, eventID: entry.event.id,
                    type: entry.event.type.rawValue, parkedAt: entry.parkedAt, attempts: entry.attempts,
                    reason: entry.reason, isToBeRetried: entry.isToBeRetried, skip: entry.skip)
            }
        }
    }

    /// See ``ProjectionAdministration/retry(_:in:)``.
    public func retry(_ stream: StreamName, in projection: String) async throws {
        try change(projection) { state in
            guard !state.parkedEvents(of: stream).isEmpty else { throw StreamNotParked(stream, in: projection) }
            state.request(retry: true, of: stream)
        }
    }

    /// See ``ProjectionAdministration/skip(firstOf:in:reason:)``.
    @discardableResult
    public func skip(firstOf stream: StreamName, in projection: String, reason: String) async throws -> Position {
        try change(projection) { state in
            guard let first = state.parkedEvents(of: stream).first?.event.position else {
                throw StreamNotParked(stream, in: projection)
            }
            state.parked[first]?.skip = ProjectionStall(since: now(), reason: reason)
            state.parked[first]?.isToBeRetried = false
            state.request(retry: true, of: stream)
            return first
        }
    }

    /// See ``ProjectionAdministration/pause(_:reason:)``.
    public func pause(_ projection: String, reason: String) async throws {
        try change(projection) { $0.pause = ProjectionStall(since: now(), reason: reason) }
    }

    /// See ``ProjectionAdministration/resume(_:)``.
    public func resume(_ projection: String) async throws { try change(projection) { $0.pause = nil } }

    /// See ``ProjectionAdministration/setPartitions(of:to:)``.
    public func setPartitions(of projection: String, to partitions: Partitioning) async throws {
        try change(projection) { $0.wanted = isPartitionable ? partitions : Partitioning(1) }
    }

    /// Changes the projection and gives every partition another version, so that its owner notices.
    private func change<Answer>(
        _ projection: String,
        _ body: (inout InMemoryProjectionState<Projection.Key, Projection.Row>) throws -> Answer
    ) throws -> Answer {
        guard projection == name else { throw ProjectionNotFound(projection) }
        return try state.withLock { state in
            let answer = try body(&state)
            for index in state.partitions.indices { state.partitions[index].version += 1 }
            return answer
        }
    }
}

// MARK: - Single rows

extension InMemoryProjection where Projection: StreamRowProjection {
    /// Makes a row what all events of its stream say that the projection has applied; parked and skipped ones are not.
    ///
    /// - Returns: the row; nil when there is none.
    /// - Throws: ``UndecodableEvent``, ``PoisonEvent``; ``CheckpointMoved`` when the projection was changed meanwhile as
    ///   often as it was tried.
    @discardableResult
    public func update(_ key: Projection.Key, reading reader: some EventReader) async throws -> Projection.Row? {
        let stream = try projection.stream(of: key)
        var partition = 0
        for _ in 0..<100 {
            let (seen, checkpoint, parked) = state.withLock { state in
                partition = state.partitioning.partition(of: stream)
                let positions = state.parked.values.filter { $0.event.stream == stream }.map(\.event.position)
                return (state.partitions[partition].version, state.partitions[partition].checkpoint, Set(positions))
            }
            let row = try await projection.row(key, reading: reader, upTo: checkpoint.position, without: parked)
            let isWritten = state.withLock { state in
                guard state.partitions.indices.contains(partition), state.partitions[partition].version == seen else {
                    return false
                }
                state.rows[key] = row
                state.partitions[partition].version += 1
                return true
            }
            if isWritten { return row }
        }
        throw CheckpointMoved(projection: name, partition: partition)
    }
}
