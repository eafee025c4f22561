public import EventSourcing
public import Logging
import Synchronization

/// A runtime without a database, for tests and demonstrations. What pipelines write to it stays for as long as it is there.
public final class InMemoryRuntime: PipelineRuntime {
    private let store: InMemoryEventStore
    /// Snapshots in memory.
    public let snapshots: any SnapshotStore = InMemorySnapshotStore()
    /// See ``PipelineRuntime/subscriptions``.
    public let subscriptions: any SubscriptionStore & SubscriptionChanges
    /// See ``PipelineRuntime/deadlines``.
    public let deadlines: any DeadlineStore = InMemoryDeadlineStore()
    private let ownership = InMemoryOwnership()
    private let projections = Mutex<[String: HostedProjection]>([:])
    /// See ``PipelineRuntime/clock``.
    public let clock: ServiceClock

    /// - Parameter clock: the time by which events are recorded, messages and deadlines are due and rows are dated. A test
    ///   hands in the time of a clock that it advances itself.
    public init(clock: ServiceClock = .system) {
        self.clock = clock
        store = InMemoryEventStore(now: clock.now)
        subscriptions = InMemorySubscriptionStore(on: store, now: clock.now)
    }

    /// See ``PipelineRuntime/events``.
    public var events: any EventStore { store }
    /// See ``PipelineRuntime/appended``.
    public var appended: PositionSignal { store.appended }
    /// See ``PipelineRuntime/tail``.
    public var tail: LogTail? { nil }

    /// See ``PipelineRuntime/host(_:)``.
    public func host(_ projection: any ProjectionDeclaration) throws -> HostedProjection {
        projections.withLock { projections in
            if let hosted = projections[projection.storedName] { return hosted }
            let hosted = projection.hosted(inMemoryReading: store, now: clock.now)
            projections[projection.storedName] = hosted
            return hosted
        }
    }

    /// See ``PipelineRuntime/coordination(of:logger:)``.
    public func coordination(of applied: [String: PositionSignal], logger: Logger) -> PipelineCoordination {
        PipelineCoordination(ownership: ownership)
    }
}

extension PipelineRuntime where Self == InMemoryRuntime {
    /// A new runtime in memory; see ``InMemoryRuntime/init(clock:)``.
    public static func inMemory(clock: ServiceClock = .system) -> InMemoryRuntime { InMemoryRuntime(clock: clock) }
}
