import FoundationEssentials

/// The rows of an ``InMemoryProjection``, how far its partitions have come, and what it has put aside.
struct InMemoryProjectionState<Key: Hashable & Sendable, Row: Sendable> {
    struct Partition {
        var checkpoint = Checkpoint.start
        var version: Int64 = 0
        var updatedAt = Date()
        var stall: ProjectionStall?
    }

    struct Parked {
        let event: RecordedEvent
        var reason: String?
        let parkedAt: Date
        var attempts = 1
        var isToBeRetried = false
        /// Since when and why it is given up.
        var skip: ProjectionStall?
    }

    var rows: [Key: Row] = [:]
    var partitions: [Partition]
    var wanted: Partitioning
    /// Since when and why an administrator has paused the projection.
    var pause: ProjectionStall?
    var parked: [Position: Parked] = [:]

    init(_ partitioning: Partitioning) {
        partitions = Array(repeating: Partition(), count: partitioning.count)
        wanted = partitioning
    }

    var partitioning: Partitioning { Partitioning(partitions.count) }

    /// The streams with parked events; true for those that are to be tried again.
    var parkedStreams: [StreamName: Bool] {
        var streams: [StreamName: Bool] = [:]
        for entry in parked.values where entry.skip == nil {
            streams[entry.event.stream] = (streams[entry.event.stream] ?? false) || entry.isToBeRetried
        }
        return streams
    }

    /// The parked events of a stream, in order, without those that were given up.
    func parkedEvents(of stream: StreamName) -> [Parked] {
        parked.values.filter { $0.event.stream == stream && $0.skip == nil }
            .sorted { $0.event.position < $1.event.position }
    }

    /// Takes in what a commit says of parked events and the checkpoint; the rows are changed already.
    mutating func take(_ commit: ProjectionCommit, at time: Date) {
        for entry in commit.parked {
            var parked =
                parked[entry.event.position]
                ?? Parked(event: entry.event, reason: nil, parkedAt: time, attempts: 0)
            parked.reason = entry.reason
            parked.attempts += 1
            self.parked[entry.event.position] = parked
        }
        for position in commit.released { parked[position] = nil }
        for stream in commit.retried { request(retry: false, of: stream) }
        partitions[commit.partition].checkpoint = commit.checkpoint
        partitions[commit.partition].version = commit.nextVersion
        partitions[commit.partition].updatedAt = time
    }

    mutating func request(retry isToBeRetried: Bool, of stream: StreamName) {
        for entry in parkedEvents(of: stream) { parked[entry.event.position]?.isToBeRetried = isToBeRetried }
    }
}
