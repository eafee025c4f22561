public import EventSourcing
public import Logging
public import ServiceLifecycle

/// What pipelines run on: an event store, subscriptions, snapshots, and a place for projections. Several pipelines may share
/// one, and then have one log.
public protocol PipelineRuntime: Sendable {
    var events: any EventStore { get }
    /// Announces what this process appends to the store.
    var appended: PositionSignal { get }
    /// What this process has appended lately, where that is kept.
    var tail: LogTail? { get }
    var snapshots: any SnapshotStore { get }
    var subscriptions: any SubscriptionStore & SubscriptionChanges { get }
    /// The deadlines of process managers.
    var deadlines: any DeadlineStore { get }
    /// What everything that a pipeline runs here takes its time from: pauses, intervals, deadlines, dates.
    var clock: ServiceClock { get }

    /// Gives a projection its place.
    ///
    /// - Throws: when it cannot be kept here.
    func host(_ projection: any ProjectionDeclaration) throws -> HostedProjection

    /// What keeps processes in step that run the same projections.
    ///
    /// - Parameter applied: how far the projections have come in this process, by their stored names.
    func coordination(of applied: [String: PositionSignal], logger: Logger) -> PipelineCoordination
}

extension PipelineRuntime {
    /// The clocks of the machine.
    public var clock: ServiceClock { .system }
}

/// Who may run a projection's partitions, and what has to run for that.
public struct PipelineCoordination: Sendable {
    /// Nil where there is one process.
    public let ownership: (any Ownership)?
    /// In the order of dependency.
    public let services: [any Service]

    /// For runtimes; the services run for as long as the pipeline does.
    public init(ownership: (any Ownership)?, services: [any Service] = []) {
        self.ownership = ownership
        self.services = services
    }
}
