import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct MessageContextTests {
    private let events = InMemoryEventStore()
    private static let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func context(traceparent: String? = MessageContextTests.traceparent) throws -> MessageContext {
        MessageContext(
            tenant: try TenantID("core"), correlationID: "c-1", user: User(id: "u-1"), caller: "192.0.2.7",
            traceparent: traceparent, source: "tests.http", now: Date(timeIntervalSince1970: 0))
    }

    private func send(_ step: Int, to counter: String, in context: MessageContext) async throws {
        let category = try StreamCategory("tests.counter.v1")
        let aggregates = AggregateStore<Counter>(events)
        _ = try await CommandBus<Aggregates<Counter>> {
            Aggregates(store: aggregates, category: category, context: $0)
        }.send(CountUp(counter: counter, step: step), in: context)
    }

    @Test func `what an event does not have is not in its bytes`() throws {
        let metadata = EventMetadata(
            correlationID: "c", causationID: "d", source: "tests", occurredAt: Date(timeIntervalSince1970: 0))
        #expect(
            String(decoding: try EventPayload(encoding: metadata).bytes, as: UTF8.self)
                == """
                {"causationId":"d","contentType":"application/json","correlationId":"c",\
                "occurredAt":"1970-01-01T00:00:00Z","source":"tests"}
                """)
    }

    @Test func `a message is handled in its context, and outside there is none`() async throws {
        let context = try context()
        #expect(MessageContext.current == nil)
        let (current, metadata) = await context.run { (MessageContext.current, Logger.current) }
        #expect(current == context)
        #expect(metadata[metadataKey: "trace.id"] == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(metadata[metadataKey: "correlation.id"] == "c-1" && metadata[metadataKey: "tenant"] == "core")
        #expect(MessageContext.current == nil)
    }

    @Test func `what a handler sends is caused by its event, and belongs to its request, user, caller and trace`()
        async throws
    {
        try await send(1, to: "first", in: try context())
        let store = InMemorySubscriptionStore(on: events)
        let filter = try LogFilter(categories: [StreamCategory("tests.counter.v1")])
        let subscription = try Subscription(SubscriptionID("follower"), on: .log(filter))
        let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let consumer = SubscriptionConsumer(
            of: subscription, in: store, appended: events.appended, logger: silent
        ) { event, _ in
            guard event.stream.entityID == "first", let context = MessageContext.current else { return }
            try await send(2, to: "second", in: context)
        }
        try await running(consumer) {
            while try await store.subscriptions().first?.settled ?? 0 < 2 { await Task.yield() }
        }
        let log = try await events.readLog(after: nil, .forwards, limit: 10)
        let (cause, effect) = (try log[0].decodeMetadata(), try log[1].decodeMetadata())
        #expect(cause.causationID == "c-1" && cause.caller == "192.0.2.7")
        #expect(effect.causationID == log[0].id.uuidString.lowercased())
        #expect(effect.correlationID == "c-1" && effect.user == User(id: "u-1") && effect.caller == "192.0.2.7")
        #expect(effect.traceparent == Self.traceparent && effect.source == "follower")
    }

    @Test func `the worker of an event's job works in its context`() async throws {
        try await send(1, to: "first", in: try context(traceparent: nil))
        let event = try #require(try await events.readLog(after: nil, .forwards, limit: 1).first)
        let queue = InMemoryJobQueue()
        _ = try await queue.add([Job(for: event), Job(id: "other", name: "other", data: EventPayload(bytes: []))])
        let seen = Mutex<[MessageContext?]>([])
        try await running(InMemoryJobWorker(of: queue) { _, _ in seen.withLock { $0.append(MessageContext.current) } })
        {
            while seen.withLock({ $0.count }) < 2 { await Task.yield() }
        }
        let contexts = seen.withLock { $0 }
        #expect(contexts[0]?.causationID == event.id.uuidString.lowercased() && contexts[0]?.traceparent == nil)
        #expect(contexts[1] == nil)
    }

    @Test func `a CloudEvent belongs to the trace of its event`() async throws {
        try await send(1, to: "first", in: try context())
        let event = try #require(try await events.readLog(after: nil, .forwards, limit: 1).first)
        #expect(try CloudEvent(event, source: "https://a.example").attributes["traceparent"] == Self.traceparent)
    }

    private func running(_ service: any Service, _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: [service], logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
