public import EventSourcing
public import Logging
public import ServiceLifecycle

/// Runs a process manager: gives it the events of the log and its deadlines, and does what it decides.
///
/// Any number of processes may run the same manager. They share the events, those of a stream in their order, and the
/// deadlines: each is handled once. It begins with the first event of the log.
///
/// What a failure means is decided by its ``/EventSourcing/ErrorCategory``: what is transient, a conflict or unknown is tried
/// again with growing pauses, an event for about eight hours until it is parked, a deadline for ever; an event that cannot be
/// read is parked, and its stream waits; what is fatal stops the subscription. A command that fails by
/// ``/EventSourcing/ErrorCategory/validation`` is refused: the manager is told by ``ProcessInput/commandRefused(_:reason:)``.
public struct ProcessRunner<Manager: ProcessManager>: Service {
    private let consumer: SubscriptionConsumer
    private let deadlines: DeadlineRunner

    /// - Parameters:
    ///   - subscriptions: keeps the place in the log.
    ///   - appended: announces what this process appends.
    ///   - wakeups: wakes the manager for the events that it wants; nil: it looks for any event, and now and then.
    ///   - clock: the time of every decision, and the pauses.
    ///   - send: sends a command. The context has a ``/EventSourcing/CommandKey``: the same command may be sent again, and has
    ///     to have the effect of once.
    /// - Throws: `InvalidName` and `InvalidSubscription`.
    public init(
        _ manager: Manager, on store: any EventStore, subscriptions: any SubscriptionStore,
        deadlines: any DeadlineStore, appended: PositionSignal, wakeups: SubscriptionWakeups? = nil,
        clock: ServiceClock = .system, logger: Logger,
        sending send: @escaping @Sendable (Manager.Command, MessageContext) async throws -> Void
    ) throws {
        let deadlineWakeups = DeadlineWakeups()
        let handler = ProcessHandler(
            manager: manager, store: store, deadlines: deadlines, send: send, now: { clock.now() },
            scheduled: { deadlineWakeups.scheduled($0) })
        var logger = logger
        logger[metadataKey: "process.name"] = "\(Manager.category)"
        var configuration = SubscriptionConsumer.Configuration()
        configuration.pollInterval = .seconds(5)
        consumer = SubscriptionConsumer(
            of: try Self.subscription(of: manager), in: subscriptions, appended: appended, wakeups: wakeups,
            configuration: configuration, clock: clock, logger: logger
        ) { event, _ in try await handler.handle(event) }
        self.deadlines = DeadlineRunner(
            process: Manager.category, tenant: manager.filter.tenant, store: deadlines, clock: clock,
            wakeups: deadlineWakeups,
            logger: logger
        ) { try await handler.meet($0) }
    }

    /// The persistent subscription of a manager.
    ///
    /// - Throws: `InvalidName` and `InvalidSubscription`.
    public static func subscription(of manager: Manager) throws -> Subscription {
        var settings = SubscriptionSettings()
        settings.messageTimeout = .seconds(60)
        // About eight hours, until an outage of what commands are sent to is looked at by a person.
        settings.maxAttempts = 1_000
        return try Subscription(
            SubscriptionID("process.\(Manager.category)", of: manager.filter.tenant), on: .log(manager.filter),
            from: .beginning, settings: settings)
    }

    /// Runs until graceful shutdown.
    ///
    /// - Throws: `SubscriptionDiffers`, when the filter of the manager is not the one that its subscription was made with.
    public func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await consumer.run() }
            group.addTask { try await deadlines.run() }
        }
    }
}
