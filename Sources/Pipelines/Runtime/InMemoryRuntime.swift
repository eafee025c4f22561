public import EventSourcing
public import FoundationEssentials
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
    private let now: @Sendable () -> Date

    /// - Parameter now: the time by which events are recorded, messages are due and rows are dated.
    public init(now: @escaping @Sendable () -> Date = { Date() }) {
        self.now = now
        store = InMemoryEventStore(now: now)
        subscriptions = InMemorySubscriptionStore(on: store, now: now)
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
            let hosted = projection.hosted(inMemoryReading: store, now: now)
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
    /// A new runtime in memory.
    public static func inMemory(now: @escaping @Sendable () -> Date = { Date() }) -> InMemoryRuntime {
        InMemoryRuntime(now: now)
    }
}
