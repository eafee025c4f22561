public import EventSourcing
public import LibPQ
public import Logging
public import Pipelines

/// A runtime of pipelines on two PostgreSQL databases, which were migrated with `Migrations/event_store` and
/// `Migrations/read_db`. Any number of processes may run the same pipelines on them.
public struct PostgresRuntime: PipelineRuntime {
    /// The event store, which all pipelines of the runtime share: their appends commit in common batches.
    public let store: PostgresEventStore
    /// What this process has appended, for its projections.
    public let tail: LogTail?
    /// Snapshots in the event store's database.
    public let snapshots: any SnapshotStore
    /// See ``/Pipelines/PipelineRuntime/subscriptions``.
    public let subscriptions: any SubscriptionStore & SubscriptionChanges
    /// See ``/Pipelines/PipelineRuntime/deadlines``.
    public let deadlines: any DeadlineStore
    /// See ``/Pipelines/PipelineRuntime/clock``.
    public let clock: ServiceClock
    /// The client of the read database.
    let readDatabase: PostgresClient
    private let process: String

    /// - Parameters:
    ///   - eventStore: the client of the event store.
    ///   - readDatabase: the client of the read database.
    ///   - subscriptions: a client of the event store for what handlers and sinks ask, whose calls wait for each other; nil
    ///     for the same one.
    ///   - process: a name of this process for people who look for the owner of a projection, such as its host and number.
    ///   - clock: what the pipelines take their time from. Events, and the messages of subscriptions, are dated by the database.
    public init(
        eventStore: PostgresClient, readDatabase: PostgresClient, subscriptions: PostgresClient? = nil,
        limits: AppendLimits = AppendLimits(), process: String, clock: ServiceClock = .system
    ) {
        self.clock = clock
        let tail = LogTail()
        store = PostgresEventStore(eventStore, limits: limits, appended: PositionSignal(), tail: tail)
        self.tail = tail
        snapshots = PostgresSnapshotStore(eventStore)
        self.subscriptions = PostgresSubscriptionStore(subscriptions ?? eventStore, tail: tail)
        deadlines = PostgresDeadlineStore(subscriptions ?? eventStore)
        self.readDatabase = readDatabase
        self.process = process
    }

    /// See ``/Pipelines/PipelineRuntime/events``.
    public var events: any EventStore { store }
    /// See ``/Pipelines/PipelineRuntime/appended``.
    public var appended: PositionSignal { store.appended }

    /// - Throws: ``UnsupportedProjection``.
    public func host(_ projection: any ProjectionDeclaration) throws -> HostedProjection {
        guard let projection = projection as? any PostgresDeclaration else {
            throw UnsupportedProjection(projection: projection.name)
        }
        return projection.hosted(in: readDatabase, reading: store)
    }

    /// Of the processes on these databases one runs a partition, and all of them follow it.
    public func coordination(of applied: [String: PositionSignal], logger: Logger) -> PipelineCoordination {
        // A crash, or a fail-over, may take back what a projection has committed last.
        readDatabase.whenConnectionIsLost { for signal in applied.values { signal.invalidate() } }
        let ownership = PostgresOwnership(for: process, in: readDatabase, logger: logger)
        return PipelineCoordination(
            ownership: ownership,
            services: [
                PostgresPositionRelay.log(of: store, logger: logger),
                PostgresPositionRelay.projections(applied, in: readDatabase, logger: logger),
                ownership,
            ])
    }
}

extension PipelineRuntime where Self == PostgresRuntime {
    /// A runtime on two PostgreSQL databases; see
    /// ``PostgresRuntime/init(eventStore:readDatabase:subscriptions:limits:process:clock:)``.
    public static func postgres(
        eventStore: PostgresClient, readDatabase: PostgresClient, subscriptions: PostgresClient? = nil,
        limits: AppendLimits = AppendLimits(), process: String, clock: ServiceClock = .system
    ) -> PostgresRuntime {
        PostgresRuntime(
            eventStore: eventStore, readDatabase: readDatabase, subscriptions: subscriptions, limits: limits,
            process: process, clock: clock)
    }
}

/// A projection that was declared in a way of its own, which does not say how it is kept in PostgreSQL.
public struct UnsupportedProjection: CategorizedError, Hashable, CustomStringConvertible {
    /// The name of the projection.
    public let projection: String

    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
    /// Names the projection, and says what to do.
    public var description: String {
        """
        the projection "\(projection)" cannot be kept in PostgreSQL: make its declaration a PostgresDeclaration, or add it \
        with a table or a target
        """
    }
}
