public import EventSourcing
import ServiceLifecycle

/// A sink of a pipeline with the relay that brings it the events. The sink is made in the process that runs it.
struct SinkConsumer<Reach: Sendable>: PipelineConsumer {
    let name: String
    let filter: LogFilter
    let filters: [LogFilter]
    let start: SubscriptionStart
    let makeSink: @Sendable () throws -> any EventSink

    func subscriptions() throws -> [Subscription] {
        [try Subscription(SubscriptionID(name, of: filter.tenant), on: .log(filter), from: start)]
    }

    func service(on host: PipelineHost<Reach>) throws -> any Service {
        try Relay(
            to: makeSink(), in: host.runtime.subscriptions, appended: host.runtime.appended, wakeups: host.wakeups,
            from: start, clock: host.runtime.clock, logger: host.logger)
    }
}

extension Pipeline {
    /// Adds an outbox route: what it makes of events goes to a queue, in the order of each stream. It is named as the route.
    ///
    /// - Parameter start: where it begins when it is new.
    public func route(
        _ route: JobRoute, into queue: some JobQueue, from start: SubscriptionStart = .end
    ) -> Self {
        publisher(route.name, of: route.filter, from: start) {
            try QueueSink(route.name, into: queue, routes: [route])
        }
    }

    /// Adds a publisher: a sink that takes the events themselves.
    ///
    /// - Parameter start: where it begins when it is new.
    public func publisher(_ sink: some EventSink, from start: SubscriptionStart = .end) -> Self {
        publisher(sink.name, of: sink.filter, from: start) { sink }
    }

    /// Adds a publisher whose sink is made where it is run.
    ///
    /// - Parameters:
    ///   - name: of the sink.
    ///   - filter: of the sink.
    ///   - filters: the conditions of the sink's routes, if it has some; each of them has to pass some event.
    ///   - start: where it begins when it is new.
    public func publisher(
        _ name: String, of filter: LogFilter, selecting filters: [LogFilter] = [],
        from start: SubscriptionStart = .end, makeSink: @escaping @Sendable () throws -> any EventSink
    ) -> Self {
        adding(
            SinkConsumer<Reach>(
                name: name, filter: filter, filters: [filter] + filters, start: start, makeSink: makeSink))
    }
}
