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
        from start: SubscriptionStart = .end, settings: SubscriptionSettings = SubscriptionSettings(),
        options: EventHandlerOptions = EventHandlerOptions()
    ) throws -> Subscription {
        try Subscription(
            SubscriptionID(name, of: filter.tenant), on: .log(options.filter(of: self)), from: start,
            settings: settings)
    }
}

extension Job {
    /// The work of a handler on an event. The data is the ``EventReference``, not the event: what is redacted or forgotten is
    /// not in the queue.
    public init(
        _ event: RecordedEvent, for handler: some EventHandler, options: EventHandlerOptions = EventHandlerOptions()
    ) throws {
        self.init(
            id: options.jobID?(event) ?? "\(handler.name)-\(event.id.text)", name: handler.name,
            data: try EventPayload(encoding: EventReference(event)), options: options.job)
    }
}

extension JobRoute {
    /// The route of a handler whose work is done by a worker of a queue. It is named after the handler.
    public init(for handler: some EventHandler, options: EventHandlerOptions = EventHandlerOptions()) {
        self.init(handler.name, for: options.filter(of: handler)) { [try Job($0, for: handler, options: options)] }
    }
}

extension EventHandler {
    /// Does the work of a job, in the context of its event: what a worker of the queue calls.
    public func handle(_ job: Job, attempt: Int, reading reader: some EventReader) async throws {
        let event = try await job.data.decode(EventReference.self).read(from: reader)
        try await MessageContext.handling(event, by: name) { try await handle(event, attempt: attempt) }
    }
}
