public import Logging

/// A side effect of events: a message that is sent, another system that is told.
///
/// It is called at least once for each event, in the order of each stream, and never while a projection is rebuilt: its
/// place in the log is that of a persistent subscription of its own.
public protocol EventHandler: Sendable {
    /// Names the subscription and the jobs; it stays the same for as long as the handler keeps its place.
    var name: String { get }
    /// Which events it wants.
    var filter: LogFilter { get }

    /// - Parameter attempt: 1 for the first time, one more after each failure.
    /// - Throws: anything; see ``SubscriptionVerdict/init(for:)``.
    func handle(_ event: RecordedEvent, attempt: Int) async throws
}

extension EventHandler {
    /// The persistent subscription of the handler; a new one starts with the events to come.
    public func subscription(
        from start: SubscriptionStart = .end, settings: SubscriptionSettings = SubscriptionSettings()
    ) throws -> Subscription {
        try Subscription(SubscriptionID(name, of: filter.tenant), on: .log(filter), from: start, settings: settings)
    }
}

/// Where a handler does its work.
public enum EventHandlerDispatch: Sendable {
    /// In the consumer: an event is settled when the handler has returned.
    case synchronous
    /// In a worker of a queue: an event is settled when its job is in the queue. The order within a stream ends there.
    case queued(any JobQueue, options: JobOptions = JobOptions())
}

extension SubscriptionConsumer {
    /// A consumer that calls an event handler, or hands its work to a queue.
    public init(
        for handler: some EventHandler, _ dispatch: EventHandlerDispatch = .synchronous,
        of subscription: Subscription, in store: any SubscriptionStore, appended: PositionSignal,
        configuration: Configuration = Configuration(), logger: Logger
    ) {
        self.init(
            of: subscription, in: store, appended: appended, configuration: configuration, logger: logger
        ) { event, attempt in
            switch dispatch {
            case .synchronous: try await handler.handle(event, attempt: attempt)
            case .queued(let queue, let options):
                let job = try Job(event, for: handler, options: options)
                if case .refused(let reason) = try await queue.add([job]).first {
                    throw SubscriptionVerdict.park(reason: reason)
                }
            }
        }
    }
}

extension PersonalDataVault {
    /// A handler that sees the event's personal data in plain. One event with a broken seal is parked, the others go on.
    public func opening(_ handler: @escaping SubscriptionConsumer.Handler) -> SubscriptionConsumer.Handler {
        { event, attempt in
            for opened in try await self.open([event]) { try await handler(opened, attempt) }
        }
    }
}

extension Job {
    /// The work of a handler on an event. Its id is `<handler>-<event id>`, so an event that is delivered again is the same
    /// job. The data is the ``EventReference``, not the event: what is redacted or forgotten is not in the queue.
    public init(_ event: RecordedEvent, for handler: some EventHandler, options: JobOptions = JobOptions()) throws {
        self.init(
            id: "\(handler.name)-\(event.id.text)", name: handler.name,
            data: try EventPayload(encoding: EventReference(event)), options: options)
    }
}

extension EventHandler {
    /// Does the work of a job: what a worker of the queue calls.
    public func handle(_ job: Job, attempt: Int, reading reader: some EventReader) async throws {
        try await handle(job.data.decode(EventReference.self).read(from: reader), attempt: attempt)
    }
}
