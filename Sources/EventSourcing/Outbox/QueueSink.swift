/// A queue as a sink: its routes make jobs of events.
public struct QueueSink: EventSink {
    /// Names the subscription of the sink; it never changes.
    public let name: String
    /// The events that a route wants.
    public let filter: LogFilter
    /// What becomes of an event: the jobs of all routes that want it.
    public let routes: [JobRoute]
    private let queue: any JobQueue
    private let largestJob: Int

    /// - Parameters:
    ///   - filter: the events of the sink's subscription, of which the routes make jobs or none. With one that the routes
    ///     have no part in, they can change and the sink keeps its position. Nil: what any of the routes wants.
    ///   - largestJob: the most bytes of a job's data. An event with a larger job is parked, and its stream waits.
    /// - Throws: ``InvalidSink`` when there is no route, or two have one name.
    public init(
        _ name: String, into queue: any JobQueue, routes: [JobRoute], of filter: LogFilter? = nil,
        largestJob: Int = 1_048_576
    ) throws(InvalidSink) {
        guard let first = routes.first else { throw InvalidSink(sink: name, reason: "it has no route: add one") }
        var names = Set<String>()
        for route in routes where !names.insert(route.name).inserted {
            throw InvalidSink(sink: name, reason: "two routes are called \"\(route.name)\": rename one of them")
        }
        self.name = name
        self.queue = queue
        self.routes = routes
        self.largestJob = largestJob
        self.filter = filter ?? routes.dropFirst().reduce(first.filter) { $0.union($1.filter) }
    }

    /// See ``EventSink/check(against:)``.
    public func check(against types: Set<EventType>) throws(InvalidSink) {
        for route in routes {
            guard let fault = route.filter.fault(against: types) else { continue }
            throw InvalidSink(sink: name, reason: "route \"\(route.name)\": \(fault)")
        }
    }

    /// Adds the jobs of all events in one call of the queue. An event is parked when its route throws, or one of its jobs is
    /// too large or refused by the queue.
    public func deliver(_ deliveries: [SubscriptionDelivery]) async throws -> [SubscriptionVerdict] {
        var plan = Plan()
        for delivery in deliveries { plan.add(delivery.event, routes, largestJob: largestJob) }
        guard !plan.jobs.isEmpty else { return plan.verdicts([]) }
        return plan.verdicts(try await queue.add(plan.jobs))
    }

    /// The jobs of a delivery, and which of them are whose.
    private struct Plan {
        var jobs: [Job] = []
        private var events: [Result<Range<Int>, SubscriptionVerdict>] = []
        /// Streams with an event that is parked: what is behind it in this delivery is not sent.
        private var held = Set<StreamName>()

        mutating func add(_ event: RecordedEvent, _ routes: [JobRoute], largestJob: Int) {
            guard !held.contains(event.stream) else {
                events.append(.failure(.retry(reason: "the event before it in its stream was not sent")))
                return
            }
            let start = jobs.endIndex
            do {
                for route in routes where route.filter.matches(event) { jobs += try route.jobs(event) }
                if let job = jobs[start...].first(where: { $0.data.bytes.count > largestJob }) {
                    throw JobTooLarge(job: job.name, size: job.data.bytes.count, largest: largestJob)
                }
                events.append(.success(start..<jobs.endIndex))
            } catch {
                jobs.removeSubrange(start...)
                held.insert(event.stream)
                events.append(.failure(.park(reason: "\(error)")))
            }
        }

        func verdicts(_ outcomes: [JobOutcome]) -> [SubscriptionVerdict] {
            events.map { event in
                switch event {
                case .failure(let verdict): verdict
                case .success(let range):
                    outcomes[range].lazy.compactMap(\.refusal).first.map { .park(reason: $0) } ?? .acknowledge
                }
            }
        }
    }
}

extension JobOutcome {
    /// Why the queue does not take the job; nil when it has it.
    fileprivate var refusal: String? {
        if case .refused(let reason) = self { reason } else { nil }
    }
}

/// A job that a sink does not hand to its queue.
struct JobTooLarge: Error, CustomStringConvertible {
    let job: String
    let size: Int
    let largest: Int

    var description: String { "the data of job \(job) has \(size) bytes, and at most \(largest) are allowed" }
}
