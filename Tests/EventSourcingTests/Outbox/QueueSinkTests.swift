import EventSourcing
import FoundationEssentials
import Testing

@Suite struct QueueSinkTests {
    let queue = InMemoryJobQueue()

    private struct Broken: Error, CustomStringConvertible { let description = "no such invoice" }

    private func deliveries(_ names: [(stream: String, type: String)]) throws -> [SubscriptionDelivery] {
        try names.enumerated().map { index, name in
            SubscriptionDelivery(
                event: RecordedEvent(
                    position: Position(Int64(index + 1)), stream: try StreamName("tests.thing.v1-core-\(name.stream)"),
                    revision: .first, id: UUID(), type: try EventType("tests.thing.\(name.type).v1"),
                    data: EventPayload(bytes: Array("{}".utf8)), metadata: EventPayload(bytes: Array("{}".utf8)),
                    recordedAt: Date(timeIntervalSince1970: 0)), attempt: 1, number: 1)
        }
    }

    private func types(_ names: String...) throws -> LogFilter {
        LogFilter(types: Set(try names.map { try EventType("tests.thing.\($0).v1") }))
    }

    @Test func `each route makes the jobs of its events, and an event that none wants is settled`() async throws {
        let sink = try QueueSink(
            "jobs", into: queue,
            routes: [
                JobRoute("first", for: try types("a", "b")) {
                    [Job(id: "1-\($0.position)", name: "one", data: $0.data)]
                },
                JobRoute("second", for: try types("b")) { [Job(id: "2-\($0.position)", name: "two", data: $0.data)] },
                JobRoute("none", for: try types("c")) { _ in [] },
            ])
        #expect(sink.filter == (try types("a", "b", "c")))
        let verdicts = try await sink.deliver(
            deliveries([("x", "a"), ("x", "b"), ("x", "c"), ("x", "d")]))
        #expect(verdicts == [.acknowledge, .acknowledge, .acknowledge, .acknowledge])
        #expect(queue.jobs.map(\.id) == ["1-1", "1-2", "2-2"])
        // Jobs that the queue knows are settled, too.
        #expect(try await sink.deliver(deliveries([("x", "a")])) == [.acknowledge])
        #expect(queue.jobs.count == 3)
    }

    @Test func `an event whose route throws is parked, and nothing of its stream is sent behind it`() async throws {
        let route = JobRoute("all", for: .all) { event in
            if event.type.rawValue.contains("bad") { throw Broken() }
            return [Job(for: event)]
        }
        let sink = try QueueSink("jobs", into: queue, routes: [route])
        let verdicts = try await sink.deliver(deliveries([("x", "a"), ("x", "bad"), ("x", "a"), ("y", "a")]))
        #expect(
            verdicts == [
                .acknowledge, .park(reason: "no such invoice"),
                .retry(reason: "the event before it in its stream was not sent"), .acknowledge,
            ])
        #expect(queue.jobs.count == 2)
    }

    @Test func `a job that is too large is parked with its size`() async throws {
        let route = JobRoute("all", for: .all) { event in
            let size = event.type.rawValue.contains("large") ? 101 : 100
            let data = EventPayload(bytes: [UInt8](repeating: 32, count: size))
            return [Job(id: event.id.uuidString, name: "n", data: data)]
        }
        let sink = try QueueSink("jobs", into: queue, routes: [route], largestJob: 100)
        let verdicts = try await sink.deliver(deliveries([("x", "a"), ("y", "large")]))
        #expect(verdicts[0] == .acknowledge)
        #expect(verdicts[1] == .park(reason: "the data of job n has 101 bytes, and at most 100 are allowed"))
    }

    private struct Refusing: JobQueue {
        func add(_ jobs: [Job]) async throws -> [JobOutcome] {
            jobs.map { $0.name.contains("bad") ? .refused(reason: "bad name") : .added }
        }
    }

    @Test func `a job that the queue refuses parks its event`() async throws {
        let sink = try QueueSink("jobs", into: Refusing(), routes: [JobRoute("all", for: .all) { [Job(for: $0)] }])
        #expect(
            try await sink.deliver(deliveries([("x", "a"), ("y", "bad"), ("z", "a")]))
                == [.acknowledge, .park(reason: "bad name"), .acknowledge])
    }

    @Test func `a sink that could not work is refused in one line`() throws {
        func message(_ body: () throws -> Void) -> String? {
            (#expect(throws: InvalidSink.self) { try body() })?.description
        }
        let known: Set = [try EventType("tests.thing.a.v1"), try EventType("tests.thing.b.v1")]
        let route = JobRoute("all", for: try types("a")) { _ in [] }
        let sink = try QueueSink("jobs", into: queue, routes: [route])
        try [sink as any EventSink].check(against: known)
        #expect(
            message { _ = try QueueSink("jobs", into: queue, routes: []) }
                == "the sink \"jobs\" is not valid: it has no route: add one")
        #expect(
            message { _ = try QueueSink("jobs", into: queue, routes: [route, route]) }
                == "the sink \"jobs\" is not valid: two routes are called \"all\": rename one of them")
        #expect(
            message { try [sink, sink as any EventSink].check(against: known) }
                == "the sink \"jobs\" is not valid: another sink has this name: rename one of them")
        let lost = try QueueSink("jobs", into: queue, routes: [route, JobRoute("lost", for: types("z")) { _ in [] }])
        #expect(
            message { try [lost as any EventSink].check(against: known) }
                == "the sink \"jobs\" is not valid: route \"lost\": no event has the type tests.thing.z.v1: "
                + "use one of tests.thing.a.v1, tests.thing.b.v1")
        let prefix = LogFilter(typePrefixes: [try EventTypePrefix("other.")])
        let none = try QueueSink("jobs", into: queue, routes: [JobRoute("none", for: prefix) { _ in [] }])
        #expect(
            message { try [none as any EventSink].check(against: known) }
                == "the sink \"jobs\" is not valid: route \"none\": no event has a type that begins with other.")
    }

    @Test func `the filter of several routes passes what one of them wants`() throws {
        let acme = try TenantID("acme")
        let category = try StreamCategory("tests.thing.v1")
        func sink(_ filters: LogFilter...) throws -> LogFilter {
            try QueueSink(
                "jobs", into: queue,
                routes: filters.enumerated().map { JobRoute("\($0)", for: $1) { _ in [] } }
            ).filter
        }
        let prefix = LogFilter(typePrefixes: [try EventTypePrefix("tests.")])
        #expect(try sink(types("a"), .all) == .all)
        #expect(
            try sink(types("a"), prefix)
                == LogFilter(types: types("a").types, typePrefixes: prefix.typePrefixes))
        #expect(
            try sink(LogFilter(tenant: acme, categories: [category]), LogFilter(tenant: acme))
                == LogFilter(tenant: acme))
        #expect(try sink(LogFilter(tenant: acme), LogFilter(categories: [category])) == .all)
    }
}
