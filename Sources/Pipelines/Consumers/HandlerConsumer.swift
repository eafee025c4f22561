public import EventSourcing
import ServiceLifecycle

/// An event handler of a pipeline, called in this process or by a worker of a queue.
struct HandlerConsumer<Handler: EventHandler, Reach: Sendable>: PipelineConsumer {
    let handler: Handler
    let dispatch: EventHandlerDispatch
    let options: EventHandlerOptions
    let start: SubscriptionStart
    let settings: SubscriptionSettings

    var filters: [LogFilter] { [handler.filter] }

    func subscriptions() throws -> [Subscription] {
        [try handler.subscription(from: start, settings: settings, options: options)]
    }

    func service(on host: PipelineHost<Reach>) throws -> any Service {
        try dispatch.service(
            for: handler, options: options, in: host.runtime.subscriptions, appended: host.runtime.appended,
            wakeups: host.wakeups, from: start, settings: settings, clock: host.runtime.clock, logger: host.logger)
    }
}

/// A handler that is given other events than it asks for.
struct FilteredHandler<Base: EventHandler>: EventHandler {
    let base: Base
    let filter: LogFilter

    var name: String { base.name }

    func handle(_ event: RecordedEvent, attempt: Int) async throws { try await base.handle(event, attempt: attempt) }
}

/// A handler that is a function of decoded events; those that were redacted pass by.
struct FunctionHandler<Event: DomainEvent>: EventHandler {
    let name: String
    let filter: LogFilter
    let body: @Sendable (Recorded<Event>) async throws -> Void

    func handle(_ event: RecordedEvent, attempt: Int) async throws {
        if let recorded = try Recorded<Event>(decoding: event) { try await body(recorded) }
    }
}

extension Pipeline {
    /// Adds an event handler, which has a place of its own in the log.
    ///
    /// - Parameters:
    ///   - filter: the events that it is given in place of those that it asks for.
    ///   - dispatch: whether it is called in this process, or its work goes to a queue.
    ///   - start: where it begins when it is new.
    public func handler(
        _ handler: some EventHandler, matching filter: LogFilter? = nil, dispatch: EventHandlerDispatch = .synchronous,
        options: EventHandlerOptions = EventHandlerOptions(), from start: SubscriptionStart = .end,
        settings: SubscriptionSettings = SubscriptionSettings()
    ) -> Self {
        guard let filter else {
            return adding(
                HandlerConsumer<_, Reach>(
                    handler: handler, dispatch: dispatch, options: options, start: start, settings: settings))
        }
        return self.handler(
            FilteredHandler(base: handler, filter: filter), dispatch: dispatch, options: options, from: start,
            settings: settings)
    }

    /// Adds an event handler that is a function. It is called at least once for each event of these names, in the order of
    /// each stream, and its subscription is called `<pipeline>.<name>`.
    ///
    /// - Parameter events: the names of the events that it wants; all unless stated.
    public func handler(
        _ name: String, on events: [Event.Name] = Array(Event.Name.allCases),
        options: EventHandlerOptions = EventHandlerOptions(), from start: SubscriptionStart = .end,
        settings: SubscriptionSettings = SubscriptionSettings(),
        _ body: @escaping @Sendable (Recorded<Event>) async throws -> Void
    ) -> Self {
        let filter = LogFilter(categories: [category], types: Set(events.compactMap { try? EventType($0.rawValue) }))
        return handler(
            FunctionHandler(name: "\(self.name).\(name)", filter: filter, body: body), options: options, from: start,
            settings: settings)
    }
}
