import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Logging
import Pipelines
import ServiceLifecycle
import Synchronization
import Testing

@testable import CommandProcess

/// Everything between a sender and a worker is lost now and then, before and after each step; every command is still
/// handled once, and every sender gets what it came to.
@Suite(.timeLimit(.minutes(5))) struct CommandCrashTests {
    struct Lost: CategorizedError { let category = ErrorCategory.transient }

    /// Decides by its seed which step is lost.
    final class Faults: Sendable {
        private let generator: Mutex<SeededGenerator>

        init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

        func step<Answer>(_ work: () async throws -> Answer) async throws -> Answer {
            if isNext() { throw Lost() }
            let answer = try await work()
            if isNext() { throw Lost() }
            return answer
        }

        private func isNext() -> Bool { generator.withLock { Int.random(in: 0..<6, using: &$0) == 0 } }
    }

    struct LossyStore: ForwardingEventStore {
        let base: InMemoryEventStore
        let faults: Faults

        func append(_ append: Append) async throws -> AppendOutcome {
            try await faults.step { try await base.append(append) }
        }

        func handledCommand(_ id: String, in tenant: TenantID) async throws -> HandledCommand? {
            try await faults.step { try await base.handledCommand(id, in: tenant) }
        }

        func read(
            _ stream: StreamName, from start: Revision?, _ direction: ReadDirection, limit: Int
        ) async throws -> [RecordedEvent] {
            try await faults.step { try await base.read(stream, from: start, direction, limit: limit) }
        }
    }

    struct LossyQueue: JobQueue {
        let base: InMemoryJobQueue
        let faults: Faults

        func add(_ jobs: [Job]) async throws -> [JobOutcome] { try await faults.step { try await base.add(jobs) } }
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `a command is handled once, whatever is lost`(seed: UInt64) async throws {
        let (events, queue, faults) = (InMemoryEventStore(), InMemoryJobQueue(), Faults(seed: seed))
        let registry = try CommandRegistry.tests(on: LossyStore(base: events, faults: faults))
        var options = QueuedCommandOptions()
        options.job.attempts = .max
        options.job.backoff = .none
        options.timeout = .milliseconds(500)
        let sender = CommandSender(registry, by: .queued(LossyQueue(base: queue, faults: faults), options))
        let commands = CommandWorker(registry)
        let workers = (0..<3).map { _ in
            InMemoryJobWorker(of: queue) { job, _ in try await faults.step { try await commands.handle(job) } }
        }
        let group = ServiceGroup(services: workers, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        var sold: [Int: Bool] = [:]
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            sold = try await withThrowingTaskGroup { senders in
                for number in 0..<12 { senders.addTask { (number, try await sell(number, by: sender)) } }
                return try await senders.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        let log = try await events.readLog(after: nil, .forwards, limit: 1_000)
        // Five times ten of the fifty tickets of each show, and one sender too many.
        #expect(log.count == 10)
        let handled = try log.compactMap { try $0.decodeMetadata().commandID }
        #expect(Set(handled) == Set(sold.filter(\.value).keys.map { "command-\($0)" }))
        #expect(sold.count == 12 && sold.values.count { !$0 } == 2)
    }

    /// Sends a command until its result is known.
    ///
    /// - Returns: whether it was carried out; false when it was refused.
    private func sell(_ number: Int, by sender: CommandSender) async throws -> Bool {
        let command = SellTickets(show: "s-\(number % 2)", count: 10)
        let context = MessageContext(
            tenant: try TenantID("core"), correlationID: "c-\(number)",
            command: try CommandKey(id: "command-\(number)", of: command), source: "tests",
            now: Date(timeIntervalSince1970: 0))
        while true {
            do {
                _ = try await sender.send(command, in: context)
                return true
            } catch is CommandRefused {
                return false
            } catch  where ErrorCategory(of: error).reaction == .retry {
                await Task.yield()
            }
        }
    }
}
