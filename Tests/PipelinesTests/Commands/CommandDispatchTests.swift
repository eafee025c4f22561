import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import CommandProcess
@testable import Pipelines

/// A command is the same command whether it is handled at once or through a queue.
@Suite(.timeLimit(.minutes(5))) struct CommandDispatchTests {
    enum Way: CaseIterable { case direct, queued }

    private let events = InMemoryEventStore()
    private let queue = InMemoryJobQueue()

    private func context(key id: String? = nil, of command: SellTickets? = nil) throws -> MessageContext {
        MessageContext(
            tenant: try TenantID("core"), correlationID: "c-1",
            command: try id.map { id in try CommandKey(id: id, of: #require(command)) }, user: User(id: "u-1"),
            caller: "192.0.2.7", traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            source: "tests.http", now: Date(timeIntervalSince1970: 1))
    }

    private func send(_ count: Int, key id: String? = nil, by sender: CommandSender) async throws -> CommandResult {
        let command = SellTickets(show: "s-1", count: count)
        return try await sender.send(command, in: try context(key: id, of: command))
    }

    /// Runs `body` with a sender of one way, and with a worker of the queue.
    private func sending(
        _ way: Way, on store: (any EventStore)? = nil, timeout: Duration = .seconds(60),
        timeLimit: Duration = .seconds(30), _ body: (CommandSender, InMemoryJobWorker) async throws -> Void
    ) async throws {
        let registry = try CommandRegistry.tests(on: store ?? events)
        var options = QueuedCommandOptions()
        options.timeout = timeout
        options.job.backoff = .none
        let sender = CommandSender(registry, by: way == .direct ? .direct : .queued(queue, options))
        let commands = CommandWorker(registry, timeLimit: timeLimit)
        let worker = InMemoryJobWorker(of: queue) { job, _ in try await commands.handle(job) }
        let group = ServiceGroup(services: [worker], logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body(sender, worker)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test(arguments: Way.allCases)
    func `results and refusals are the same, and a key makes it one command`(way: Way) async throws {
        let stream = try StreamName("tests.tickets.v1-core-s-1")
        try await sending(way) { sender, _ in
            #expect(
                try await send(10, key: "a", by: sender)
                    == CommandResult(stream: stream, revision: .first, position: Position(1), isRepetition: false))
            #expect(
                try await send(10, key: "a", by: sender)
                    == CommandResult(stream: stream, revision: .first, position: Position(1), isRepetition: true))
            for _ in 0..<4 { _ = try await send(10, by: sender) }
            for isRepetition in [false, true] {
                await #expect(
                    throws: CommandRefused(
                        command: "tests.tickets.sell", code: "sold-out", reason: "there are not enough tickets left",
                        isRepetition: isRepetition)
                ) { try await send(1, key: "b", by: sender) }
            }
            await #expect(throws: CommandRefused.self) { try await send(1, by: sender) }
            await #expect(throws: CommandIDReused.self) { try await send(2, key: "a", by: sender) }
        }
        #expect(try await events.head() == Position(5))
    }

    @Test(arguments: Way.allCases)
    func `the context is in the events`(way: Way) async throws {
        try await sending(way) { sender, _ in _ = try await send(1, key: "a", by: sender) }
        let event = try #require(try await events.readLog(after: nil, .forwards, limit: 1).first)
        let metadata = try event.decodeMetadata()
        #expect(metadata.correlationID == "c-1" && metadata.causationID == "a" && metadata.commandID == "a")
        #expect(metadata.user == User(id: "u-1") && metadata.caller == "192.0.2.7")
        #expect(metadata.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        #expect(metadata.source == "tests.http" && metadata.occurredAt == Date(timeIntervalSince1970: 1))
    }

    @Test(arguments: Way.allCases)
    func `a payload that does not fit is told to its sender, and is not queued`(way: Way) async throws {
        try await sending(way) { sender, _ in
            let context = try context()
            await #expect(throws: InvalidName.self) {
                try await CommandSender(sender.registry).send(SellTickets(show: "no spaces", count: 1), in: context)
            }
            let registered = try sender.registry.command(named: "tests.tickets.sell")
            let error = await #expect(throws: InvalidFields.self) {
                try await registered.handle(EventPayload(bytes: Array(#"{"count":11,"sow":"s"}"#.utf8)), in: context)
            }
            #expect(error?.errors.map(\.pointer) == ["/show", "/count", "/sow"])
        }
        #expect(queue.jobs.isEmpty)
    }

    @Test func `an unknown name is an error that lists the known ones`() throws {
        let registry = try CommandRegistry.tests(on: events)
        let error = #expect(throws: CommandNotRegistered.self) { try registry.command(named: "tests.tickets.buy") }
        #expect(error?.description.hasSuffix("there are: tests.tickets.sell") == true)
        #expect(try registry.command(named: "tests.tickets.sell").jsonSchema == SellTickets.schema.jsonSchema)
    }

    @Test func `two commands of one name are refused when they are registered`() throws {
        var registry = try CommandRegistry.tests(on: events)
        #expect(throws: InvalidCommandRegistration.self) {
            try registry.register(
                SellTickets.self, handledBy: AggregateStore(events), in: SellTickets.category)
        }
    }

    /// As an older version of the program could have queued it.
    @Test func `a queued payload that does not fit fails at once, stays visible, and its sender is told`() async throws
    {
        let command = SellTickets(show: "s-1", count: 1)
        let key = try CommandKey(id: "a", of: command)
        try await sending(.queued) { sender, worker in
            let old = SellTickets(show: "s-1", count: 99)
            let data = try CommandJob(payload: EventPayload(encoding: old), key: key, context: context())
                .data(of: SellTickets.name)
            _ = try await queue.add([
                Job(id: "old", name: SellTickets.name, data: data),
                Job(id: "strange", name: SellTickets.name, data: EventPayload(bytes: Array("{}".utf8))),
            ])
            let refusal = await #expect(throws: CommandRefused.self) {
                while true {
                    if let handled = try await events.handledCommand("a", in: TenantID("core")) {
                        #expect(handled.key == key)
                        _ = try await sender.send(command, in: try context().with(key))
                    }
                    await Task.yield()
                }
            }
            #expect(refusal?.code == "not-handled" && refusal?.reason.contains("/count") == true)
            while worker.failed.count < 2 { await Task.yield() }
            #expect(worker.failed.map(\.job.id) == ["old", "strange"])
        }
    }

    @Test func `a command that nobody handles is pending, and its id gets the result later`() async throws {
        let command = SellTickets(show: "s-1", count: 1)
        let context = try context(key: "a", of: command)
        var options = QueuedCommandOptions()
        options.timeout = .milliseconds(1)
        let registry = try CommandRegistry.tests(on: events)
        let sender = CommandSender(registry, by: .queued(queue, options))
        let pending = await #expect(throws: CommandResultPending.self) { try await sender.send(command, in: context) }
        #expect(pending?.commandID == "a" && pending?.category == .transient)
        try await CommandWorker(registry).handle(try #require(queue.next()))
        #expect(try await sender.send(command, in: context).revision == .first)
        #expect(queue.jobs.isEmpty)
    }

    private struct AbsentQueue: JobQueue {
        struct Unreachable: CategorizedError { let category = ErrorCategory.transient }

        func add(_ jobs: [Job]) async throws -> [JobOutcome] { throw Unreachable() }
    }

    @Test func `a queue that is absent is an error of the queue`() async throws {
        let sender = CommandSender(try CommandRegistry.tests(on: events), by: .queued(AbsentQueue()))
        await #expect(throws: AbsentQueue.Unreachable.self) { try await send(1, by: sender) }
        #expect(try await events.head() == .start)
    }

    /// Its first append never returns.
    private final class HangingStore: ForwardingEventStore {
        let base: InMemoryEventStore
        private let hangs = Mutex(true)

        init(_ base: InMemoryEventStore) { self.base = base }

        func append(_ append: Append) async throws -> AppendOutcome {
            let isFirst = hangs.withLock { hangs in
                defer { hangs = false }
                return hangs
            }
            if isFirst { try await Task.sleep(for: .seconds(3_600)) }
            return try await base.append(append)
        }
    }

    @Test func `a handler that never returns is cancelled and tried again`() async throws {
        try await sending(.queued, on: HangingStore(events), timeLimit: .milliseconds(200)) { sender, worker in
            let result = try await send(1, by: sender)
            #expect(result.revision == .first && worker.failed.isEmpty)
        }
    }
}
