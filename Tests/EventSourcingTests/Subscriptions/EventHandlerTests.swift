import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(5))) struct EventHandlerTests {
    private struct Mailer: EventHandler {
        let sent: Handled
        let name = "mailer"
        let filter = LogFilter.all

        func handle(_ event: RecordedEvent, attempt: Int) async throws { sent.add(event) }
    }

    let events = InMemoryEventStore()
    let sent = Handled()

    private func append(_ type: String = "tests.thing.happened.v1") async throws -> RecordedEvent {
        let stream = try StreamName("tests.thing.v1-core-1")
        let event = try NewEvent(
            id: .v7(), type: EventType(type), data: EventPayload(bytes: Array("{}".utf8)),
            metadata: EventPayload(bytes: []))
        _ = try await events.append([event], to: stream, expecting: .any)
        return try #require(try await events.read(stream, from: nil, .backwards, limit: 1).first)
    }

    /// Runs the handler until its subscription has settled so many events.
    private func run(
        _ dispatch: EventHandlerDispatch, options: EventHandlerOptions = EventHandlerOptions(),
        in store: InMemorySubscriptionStore? = nil, untilSettled count: Int64
    ) async throws {
        let store = store ?? InMemorySubscriptionStore(on: events)
        let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let service = try dispatch.service(
            for: Mailer(sent: sent), options: options, in: store, appended: events.appended, from: .beginning,
            logger: silent)
        let group = ServiceGroup(services: [service], logger: silent)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            while try await store.subscriptions().first?.settled ?? 0 < count { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `a handler is called in the consumer`() async throws {
        let all = [try await append(), try await append()]
        try await run(.synchronous, untilSettled: 2)
        #expect(sent.all == all)
    }

    @Test func `an event that is delivered again is the same job, and a worker handles it`() async throws {
        let event = try await append()
        let queue = InMemoryJobQueue()
        var options = EventHandlerOptions()
        options.job.delay = .seconds(3)
        // Two groups that know nothing of each other deliver the same event twice.
        try await run(.queued(queue), options: options, untilSettled: 1)
        try await run(.queued(queue), options: options, untilSettled: 1)
        #expect(sent.all.isEmpty && queue.jobs.count == 1)
        let next = try #require(queue.next())
        #expect(next.options == options.job && next.id == "mailer-\(event.id.uuidString.lowercased())")
        try await Mailer(sent: sent).handle(next, attempt: 1, reading: events)
        #expect(sent.all == [event])
    }

    @Test func `a handler has its own rule for the ids of its jobs`() async throws {
        let events = [try await append(), try await append()]
        let queue = InMemoryJobQueue()
        var options = EventHandlerOptions()
        options.jobID = { "once-a-stream-\($0.stream.entityID)" }
        try await run(.queued(queue), options: options, untilSettled: 2)
        #expect(queue.jobs.map(\.id) == ["once-a-stream-1"])
        #expect(try queue.jobs.first?.data.decode(EventReference.self) == EventReference(events[0]))
    }

    @Test func `the types of a handler's events can be overridden where it is registered`() async throws {
        _ = try await append()
        let wanted = try await append("tests.thing.ended.v1")
        var options = EventHandlerOptions()
        options.types = [wanted.type]
        try await run(.synchronous, options: options, untilSettled: 1)
        #expect(sent.all == [wanted])
        let queue = InMemoryJobQueue()
        try await run(.queued(queue), options: options, untilSettled: 1)
        #expect(try queue.jobs.map { try $0.data.decode(EventReference.self) } == [EventReference(wanted)])
    }

    @Test func `a handler keeps its position when it is dispatched in the other way`() async throws {
        let store = InMemorySubscriptionStore(on: events)
        let queue = InMemoryJobQueue()
        let first = try await append()
        try await run(.synchronous, in: store, untilSettled: 1)
        _ = try await append()
        try await run(.queued(queue), in: store, untilSettled: 2)
        #expect(sent.all == [first])
        #expect(queue.jobs.count == 1)
    }

    @Test func `a job of an event that the log does not have is refused`() async throws {
        let job = try Job(try await append(), for: Mailer(sent: sent))
        await #expect(throws: EventNotFound.self) {
            try await Mailer(sent: sent).handle(job, attempt: 1, reading: InMemoryEventStore())
        }
    }
}
