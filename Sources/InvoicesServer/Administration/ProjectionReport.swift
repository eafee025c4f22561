import EventSourcing
import EventSourcingPostgres
import FoundationEssentials

/// How projections are doing: the document of `invoices projections list` and `status`.
struct ProjectionReports: Encodable {
    /// The end of the log.
    let head: Int64
    let projections: [ProjectionReport]
}

/// How a projection is doing, for people and for scripts. What does not apply is left out of the document.
struct ProjectionReport: Encodable {
    /// In one word, the most important thing about it.
    enum State: String, Encodable {
        case running
        /// Of at least one partition there is no process that runs it.
        case notRunning = "not running"
        case paused
        /// At least one partition does not get on.
        case stalled
        /// The number of its partitions is being changed.
        case repartitioning
        /// It is the new version of a projection, which `rebuild` goes on with.
        case rebuild
    }

    struct Since: Encodable {
        let since: Date
        let reason: String

        init(_ stall: ProjectionStall) { (since, reason) = (stall.since, stall.reason) }

        var text: String { "since \(since.spoken()): \(reason)" }
    }

    struct Owner: Encodable {
        let process: String
        let since: Date
        let lastSignOfLife: Date
        let isAlive: Bool
    }

    struct Partition: Encodable {
        let number: Int
        let position: Int64
        let eventID: String?
        let movedAt: Date
        let stalled: Since?
        let owner: Owner?
    }

    let name: String
    let state: State
    let position: Int64
    /// How many events of the log it has not seen yet.
    let lag: Int64
    let parkedStreams: Int
    let parkedEvents: Int
    let paused: Since?
    let wantedPartitions: Int
    let partitions: [Partition]

    /// - Parameter owners: by the names of the resources.
    init(_ status: ProjectionStatus, head: Position, owners: [String: PostgresOwner]) {
        name = status.projection
        position = status.position.rawValue
        lag = status.lag(behind: head)
        parkedStreams = status.parkedStreams
        parkedEvents = status.parkedEvents
        paused = status.pause.map(Since.init)
        wantedPartitions = status.wantedPartitions
        let partitions = status.partitions.enumerated().map { number, partition in
            let owner = owners[ProjectionRunner.resource(number, of: status.projection)]
            return Partition(
                number: number, position: partition.checkpoint.position.rawValue,
                eventID: partition.checkpoint.eventID?.text,
                movedAt: partition.updatedAt, stalled: partition.stall.map(Since.init),
                owner: owner.map {
                    Owner(
                        process: $0.process, since: $0.since, lastSignOfLife: $0.renewedAt, isAlive: $0.isAlive)
                })
        }
        self.partitions = partitions
        state =
            if status.pause != nil {
                .paused
            } else if status.projection.hasSuffix(PostgresProjectionRebuild.name(for: "")) {
                .rebuild
            } else if partitions.contains(where: { $0.owner?.isAlive != true }) {
                .notRunning
            } else if partitions.contains(where: { $0.stalled != nil }) {
                .stalled
            } else if status.wantedPartitions != partitions.count {
                .repartitioning
            } else {
                .running
            }
    }
}
