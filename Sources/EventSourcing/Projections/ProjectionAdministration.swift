public import FoundationEssentials

/// What an administrator may see of projections and do to them: the port beside ``ProjectionTarget``.
///
/// Each change is one transaction that adds one to the versions of the partitions it concerns. So a running owner
/// notices it at its next commit, or when it looks, and has not applied anything in between that contradicts it.
public protocol ProjectionAdministration: Sendable {
    /// All projections that have ever run on this read database, by name.
    func projections() async throws -> [ProjectionStatus]

    /// The events that a projection has put aside, in the order of the log.
    ///
    /// - Parameter limit: the most events to return, at least 1.
    func parkedEvents(of projection: String, after position: Position, limit: Int) async throws -> [ParkedEventStatus]

    /// Has the parked events of a stream applied again, in order; those behind an event that fails again stay parked.
    ///
    /// - Throws: ``StreamNotParked``.
    func retry(_ stream: StreamName, in projection: String) async throws

    /// Gives the first parked event of a stream up, for good, and has the ones behind it applied.
    ///
    /// - Parameter reason: is kept with the event.
    /// - Returns: the position of the event.
    /// - Throws: ``StreamNotParked``.
    @discardableResult
    func skip(firstOf stream: StreamName, in projection: String, reason: String) async throws -> Position

    /// Has a projection apply nothing until it is resumed.
    ///
    /// - Throws: ``ProjectionNotFound``.
    func pause(_ projection: String, reason: String) async throws

    /// Lets a paused projection go on.
    ///
    /// - Throws: ``ProjectionNotFound``.
    func resume(_ projection: String) async throws

    /// Has a projection run in another number of partitions; the engine changes over by itself, without losing or
    /// repeating anything. A projection whose rows belong to several streams keeps to one.
    ///
    /// - Throws: ``ProjectionNotFound``.
    func setPartitions(of projection: String, to partitions: Partitioning) async throws
}

/// How a projection is doing.
public struct ProjectionStatus: Hashable, Sendable {
    /// The name of the projection.
    public let projection: String
    /// What is known of each partition, by its number.
    public let partitions: [Partition]
    /// Differs from the number of the partitions until they have been changed over.
    public let wantedPartitions: Int
    /// How many streams are parked, and how many events of theirs.
    public let parkedStreams: Int
    /// Events that wait for an administrator to retry or skip them, those behind a parked one included.
    public let parkedEvents: Int
    /// Since when and why it is paused; nil when it runs.
    public let pause: ProjectionStall?

    /// For implementations of ``ProjectionAdministration``.
    public init(
        projection: String, partitions: [Partition], wantedPartitions: Int, parkedStreams: Int, parkedEvents: Int,
        pause: ProjectionStall?
    ) {
        self.projection = projection
        self.partitions = partitions
        self.wantedPartitions = wantedPartitions
        self.parkedStreams = parkedStreams
        self.parkedEvents = parkedEvents
        self.pause = pause
    }

    /// Everything up to here has been seen by all partitions.
    public var position: Position { partitions.map(\.checkpoint.position).min() ?? .start }

    /// How many events of the log it has not seen yet. Of those that it does not want, up to some thousand count too.
    public func lag(behind head: Position) -> Int64 { max(0, head.rawValue - position.rawValue) }

    /// One of the parts that a projection is run in.
    public struct Partition: Hashable, Sendable {
        /// How far the partition has come.
        public let checkpoint: Checkpoint
        /// When the checkpoint moved for the last time.
        public let updatedAt: Date
        /// Since when and on what it has not got on; nil when it does.
        public let stall: ProjectionStall?

        /// For implementations of ``ProjectionAdministration``.
        public init(checkpoint: Checkpoint, updatedAt: Date, stall: ProjectionStall?) {
            self.checkpoint = checkpoint
            self.updatedAt = updatedAt
            self.stall = stall
        }
    }
}

/// An event that a projection has put aside, as an administrator sees it.
public struct ParkedEventStatus: Hashable, Sendable {
    /// Its place in the log.
    public let position: Position
    /// The stream that waits behind it.
    public let stream: StreamName
    /// Its id.
    public let eventID: UUID
    /// The name that it is stored under.
    public let type: String
    /// When it was parked first.
    public let parkedAt: Date
    /// How often it was tried.
    public let attempts: Int
    /// Why it could not be applied; nil when it waits behind another one of its stream.
    public let reason: String?
    /// Its stream is to be tried again.
    public let isToBeRetried: Bool
    /// Since when and why it is given up; nil when it is parked.
    public let skip: ProjectionStall?

    /// For implementations of ``ProjectionAdministration``.
    public init(
        position: Position, stream: StreamName, eventID: UUID, type: String, parkedAt: Date, attempts: Int,
        reason: String?, isToBeRetried: Bool, skip: ProjectionStall?
    ) {
        self.position = position
        self.stream = stream
        self.eventID = eventID
        self.type = type
        self.parkedAt = parkedAt
        self.attempts = attempts
        self.reason = reason
        self.isToBeRetried = isToBeRetried
        self.skip = skip
    }
}

/// No projection of this name has ever run on this read database.
public struct ProjectionNotFound: CategorizedError, Hashable, CustomStringConvertible {
    /// The name that no projection has.
    public let projection: String

    /// For implementations of ``ProjectionAdministration``.
    public init(_ projection: String) { self.projection = projection }

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
    /// Names the projection, and says what to do.
    public var description: String { "there is no projection \"\(projection)\"; list those that there are" }
}

/// The stream has no parked events in this projection.
public struct StreamNotParked: CategorizedError, Hashable, CustomStringConvertible {
    /// The stream of which nothing is parked.
    public let stream: StreamName
    /// The name of the projection.
    public let projection: String

    /// For implementations of ``ProjectionAdministration``.
    public init(_ stream: StreamName, in projection: String) {
        self.stream = stream
        self.projection = projection
    }

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
    /// Names stream and projection.
    public var description: String { "projection \(projection) has parked no event of stream \(stream)" }
}
