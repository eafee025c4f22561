import BullMQ
import EmbeddedPostgres
import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import Glibc
import LibPQ
import Pipelines
import PostgresTesting
import RedisTesting
import Subprocess
import Synchronization
import SystemPackage
import Testing

@testable import CommandProcess

/// Commands through Redis to real processes, on PostgreSQL.
@Suite(.database, .timeLimit(.minutes(10))) struct KilledCommandProcessTests {
    @Test func `commands are handled once by processes that are killed again and again`() async throws {
        try await withDatabase(migrations: "event_store") { client in
            try await TestRedis.running { redis in
                let store = PostgresEventStore(client, appended: PositionSignal())
                let connection = try RedisClient(RedisConfiguration(url: try RedisURL(redis.url)))
                let queue = try BullMQQueue("commands", client: connection)
                let processes = Processes(try .current, redis)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for place in 0..<2 { group.addTask { try await processes.keepRunning(place) } }
                    group.addTask { try await processes.kill(following: store) }
                    let sold = try await sell(to: queue, on: store)
                    processes.dismiss()
                    try await group.waitForAll()
                    #expect(processes.killed > 3)
                    try await audit(sold, on: store)
                }
                await connection.close()
            }
        }
    }

    /// Sends commands, several at a time, and returns the ids of those that were carried out.
    private func sell(to queue: BullMQQueue, on store: PostgresEventStore) async throws -> Set<String> {
        var options = QueuedCommandOptions()
        options.timeout = .seconds(120)
        options.job.attempts = 1_000
        options.job.backoff = .fixed(.milliseconds(20))
        let sender = CommandSender(try CommandRegistry.tests(on: store), by: .queued(queue, options))
        return try await withThrowingTaskGroup { senders in
            for place in 0..<8 {
                senders.addTask {
                    var sold: Set<String> = []
                    for round in 0..<30 where try await sell("p\(place)-r\(round)", show: "s-\(round % 6)", by: sender)
                    {
                        sold.insert("p\(place)-r\(round)")
                    }
                    return sold
                }
            }
            return try await senders.reduce(into: []) { $0.formUnion($1) }
        }
    }

    private func sell(_ id: String, show: String, by sender: CommandSender) async throws -> Bool {
        let command = SellTickets(show: show, count: 2)
        let context = MessageContext(
            tenant: try TenantID("core"), correlationID: id, command: try CommandKey(id: id, of: command),
            source: "tests", now: Date())
        do {
            _ = try await sender.send(command, in: context)
            return true
        } catch is CommandRefused {
            return false
        }
    }

    /// Six shows of fifty tickets, sold in twos to 240 senders.
    private func audit(_ sold: Set<String>, on store: PostgresEventStore) async throws {
        let log = try await store.readLog(after: nil, .forwards, limit: 1_000)
        #expect(log.count == 150 && sold.count == 150)
        let handled = try log.compactMap { try $0.decodeMetadata().commandID }
        #expect(Set(handled) == sold)
        for (stream, events) in Dictionary(grouping: log, by: \.stream) { #expect(events.count == 25, "\(stream)") }
    }
}

/// Processes of the program `CommandProcess`. One that is killed is followed by a new one.
private final class Processes: Sendable {
    private struct State {
        var running: [Int: pid_t] = [:]
        var killed = 0
        var isOver = false
    }

    private let state = Mutex(State())
    private let arguments: [String]

    init(_ database: TestDatabase, _ redis: TestRedis) {
        let cluster = database.cluster
        arguments = [cluster.socketDirectory, "\(cluster.port)", cluster.username, database.name, redis.url]
    }

    var killed: Int { state.withLock(\.killed) }

    func keepRunning(_ place: Int) async throws {
        while !state.withLock(\.isOver) {
            let result = try await Subprocess.run(
                .path(.program("CommandProcess")), arguments: Arguments(arguments), input: .none, output: .sequence,
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            ) { execution in
                let process = execution.processIdentifier.value
                let isOver = state.withLock { state in
                    state.running[place] = process
                    return state.isOver
                }
                if isOver { Glibc.kill(process, SIGKILL) }
                for try await _ in execution.standardOutput.strings() {}
                state.withLock { $0.running[place] = nil }
            }
            #expect(result.terminationStatus == .signaled(SIGKILL), "a process has ended by itself")
        }
    }

    /// Kills one process after the other, each when a random number of commands more is handled.
    func kill(following store: PostgresEventStore) async throws {
        var generator = SeededGenerator(seed: 1)
        var next: Int64 = 1
        while !state.withLock(\.isOver) {
            let head = try await store.head().rawValue
            guard head >= next else {
                try await Task.sleep(for: .milliseconds(5))
                continue
            }
            state.withLock { state in
                guard let process = state.running.values.randomElement(using: &generator) else { return }
                Glibc.kill(process, SIGKILL)
                state.killed += 1
                next = head + Int64.random(in: 1...8, using: &generator)
            }
        }
    }

    func dismiss() {
        let running = state.withLock { state in
            state.isOver = true
            return state.running.values
        }
        for process in running { Glibc.kill(process, SIGKILL) }
    }
}
