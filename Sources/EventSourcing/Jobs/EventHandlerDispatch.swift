public import Logging
public import ServiceLifecycle

/// Where a handler does its work.
public enum EventHandlerDispatch: Sendable {
    /// In the consumer: an event is settled when the handler has returned.
    case synchronous
    /// In a worker of a queue: an event is settled when its job is in the queue. The order within a stream ends there.
    case queued(any JobQueue)
}

/// How the work of an event handler is run.
public struct EventHandlerOptions: Sendable {
    /// The id of an event's job; nil for `<handler>-<event id>`. A queue ignores a job whose id it knows: with an id that
    /// several events share, only the first of them is handled as long as the queue keeps its job.
    public var jobID: (@Sendable (RecordedEvent) -> String)?
    /// Attempts, back-off, delay, priority and retention of the jobs. Not used by a synchronous handler, whose attempts and
    /// pauses are those of its subscription.
    public var job = JobOptions()
    /// The most events that are handled at a time: by a consumer, each of another stream, or by a worker of the queue.
    public var concurrency = 16
    /// The types of the events that the handler gets, in place of those that its own filter names; nil for its own.
    public var types: Set<EventType>?

    /// The defaults: ids of handler and event, three attempts in a queue, 16 events at a time.
    public init() {}

    /// Which events a handler gets.
    func filter(of handler: some EventHandler) -> LogFilter {
        guard let types else { return handler.filter }
        return LogFilter(tenant: handler.filter.tenant, categories: handler.filter.categories, types: types)
    }
}

extension EventHandlerDispatch {
    /// What calls a handler for the events of the log, or hands them to its queue: a ``SubscriptionConsumer`` or a ``Relay``.
    ///
    /// Both have the same persistent subscription, named after the handler: a handler keeps its position in the log when it
    /// is dispatched in the other way. Projections have positions of their own, so no handler is called when one is
    /// rebuilt or healed.
    ///
    /// - Parameters:
    ///   - appended: announces what this process appends.
    ///   - wakeups: wakes the handler for the events that it wants; nil: it looks for any event, and now and then.
    ///   - start: where a handler begins that has no subscription yet.
    ///   - clock: measures the message time-out, the pauses and the intervals.
    /// - Throws: ``InvalidName`` and ``InvalidSubscription``.
    public func service(
        for handler: some EventHandler, options: EventHandlerOptions = EventHandlerOptions(),
        in store: any SubscriptionStore, appended: PositionSignal, wakeups: SubscriptionWakeups? = nil,
        from start: SubscriptionStart = .end, settings: SubscriptionSettings = SubscriptionSettings(),
        clock: ServiceClock = .system, logger: Logger
    ) throws -> any Service {
        switch self {
        case .synchronous:
            var configuration = SubscriptionConsumer.Configuration()
            configuration.concurrency = options.concurrency
            return SubscriptionConsumer(
                of: try handler.subscription(from: start, settings: settings, options: options), in: store,
                appended: appended, wakeups: wakeups, configuration: configuration, clock: clock, logger: logger
            ) { event, attempt in try await handler.handle(event, attempt: attempt) }
        case .queued(let queue):
            let sink = try QueueSink(handler.name, into: queue, routes: [JobRoute(for: handler, options: options)])
            return try Relay(
                to: sink, in: store, appended: appended, wakeups: wakeups, from: start, settings: settings,
                clock: clock, logger: logger)
        }
    }
}
