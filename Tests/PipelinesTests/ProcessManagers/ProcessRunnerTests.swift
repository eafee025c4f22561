import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import Logging
import PostgresTesting
import ServiceLifecycle
import Synchronization
import Testing

@testable import Pipelines

/// Counts how often the deadlines are read, and fails when it is told to.
private final class CountingDeadlines: DeadlineStore {
    struct Down: Error {}

    let base = InMemoryDeadlineStore()
    let reads = Mutex(0)
    let isDown = Mutex(false)

    func schedule(_ deadlines: [ProcessDeadline], of instance: StreamName, at revision: Revision) async throws {
        try await base.schedule(deadlines, of: instance, at: revision)
    }

    func claimDue(
        of process: StreamCategory, tenant: TenantID?, at now: Date, limit: Int, until expiry: Date
    ) async throws -> [DueDeadline] {
        reads.withLock { $0 += 1 }
        if isDown.withLock(\.self) { throw Down() }
        return try await base.claimDue(of: process, tenant: tenant, at: now, limit: limit, until: expiry)
    }

    func postpone(_ due: DueDeadline, until time: Date) async throws { try await base.postpone(due, until: time) }

    func nextDue(of process: StreamCategory, tenant: TenantID?) async throws -> Date? {
        try await base.nextDue(of: process, tenant: tenant)
    }
}

@Suite(.timeLimit(.minutes(5))) struct DeadlineRunnerTests {
    private let clock = ManualClock()
    private let deadlines = CountingDeadlines()
    private let wakeups = DeadlineWakeups()
    private let met = Met()
    private let instance: StreamName

    private final class Met: Sendable {
        let names = Mutex<[String]>([])
        let failure = Mutex<(any Error)?>(nil)
    }

    init() throws {
        instance = try StreamName(category: OrderProcess.category, tenant: TenantID("acme"), entityID: "1")
    }

    private func schedule(_ deadlines: [String: TimeInterval], at revision: Int64 = 0) async throws {
        let deadlines = deadlines.map { ProcessDeadline($0.key, dueAt: clock.date + $0.value) }
        try await self.deadlines.schedule(deadlines, of: instance, at: Revision(revision))
        wakeups.scheduled(deadlines)
    }

    private func running(_ body: () async throws -> Void) async throws {
        let runner = DeadlineRunner(
            process: OrderProcess.category, tenant: nil, store: deadlines, clock: clock.time, wakeups: wakeups,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        ) { [met, deadlines, instance] due in
            if let failure = met.failure.withLock(\.self) { throw failure }
            met.names.withLock { $0.append(due.deadline.name) }
            try await deadlines.schedule([], of: instance, at: Revision(100))
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            try await body()
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }

    @Test func `without deadlines it wakes up once a minute`() async throws {
        try await running {
            try await clock.advance { clock.now.elapsed >= .seconds(600) }
            #expect(deadlines.reads.withLock(\.self) <= 11)
        }
    }

    @Test func `it sleeps until a deadline is due`() async throws {
        try await schedule(["d": 30])
        try await running {
            try await clock.timers(1)
            #expect(met.names.withLock(\.self) == [])
            try await clock.advance { met.names.withLock { $0 == ["d"] } }
            #expect(clock.now.elapsed == .seconds(30))
        }
    }

    @Test func `an earlier deadline that is set meanwhile wakes it, a later one does not`() async throws {
        try await schedule(["d": 50])
        try await running {
            try await clock.timers(1)
            let reads = deadlines.reads.withLock(\.self)
            try await schedule(["d": 50, "later": 55], at: 1)
            try await schedule(["d": 50, "sooner": 5], at: 2)
            try await clock.advance { met.names.withLock { $0 == ["sooner"] } }
            #expect(clock.now.elapsed == .seconds(5))
            #expect(deadlines.reads.withLock(\.self) <= reads + 3)
        }
    }

    @Test func `a deadline in the past is met at once`() async throws {
        try await schedule(["d": -1_000_000])
        try await running {
            while met.names.withLock(\.isEmpty) { try await Task.sleep(for: .milliseconds(1)) }
            #expect(clock.now.elapsed == .zero)
        }
    }

    @Test func `a clock that is set forward is noticed within a minute`() async throws {
        try await schedule(["d": 86_400])
        try await running {
            try await clock.timers(1)
            clock.date += 86_400
            try await clock.advance { met.names.withLock { $0 == ["d"] } }
            #expect(clock.now.elapsed <= .seconds(60))
        }
    }

    @Test func `what fails is tried again, soon or an hour later, as its category says`() async throws {
        struct Unreadable: CategorizedError { let category = ErrorCategory.poison }
        try await schedule(["d": 0])
        met.failure.withLock { $0 = CountingDeadlines.Down() }
        try await running {
            try await clock.advance { clock.now.elapsed >= .seconds(5) }
            #expect(deadlines.reads.withLock(\.self) >= 5)
            met.failure.withLock { $0 = Unreadable() }
            try await clock.advance {
                try await deadlines.nextDue(of: OrderProcess.category, tenant: nil)! >= clock.date + 3_000
            }
            met.failure.withLock { $0 = nil }
            try await clock.advance { met.names.withLock { $0 == ["d"] } }
        }
    }

    @Test func `a store that is down is tried again`() async throws {
        try await schedule(["d": 0])
        deadlines.isDown.withLock { $0 = true }
        try await running {
            try await clock.advance { deadlines.reads.withLock(\.self) >= 5 }
            deadlines.isDown.withLock { $0 = false }
            try await clock.advance { met.names.withLock { $0 == ["d"] } }
        }
    }
}

/// The process as a service on PostgreSQL, in several nodes.
@Suite(.database, .timeLimit(.minutes(5))) struct PostgresProcessTests {
    /// A node: what a process has for itself.
    private func node(
        _ client: PostgresClient, _ shop: Shop
    ) throws -> (any EventStore, ProcessRunner<OrderProcess>) {
        let appended = PositionSignal()
        let store = PostgresEventStore(client, appended: appended)
        let runner = try ProcessRunner(
            OrderProcess(), on: store, subscriptions: PostgresSubscriptionStore(client),
            deadlines: PostgresDeadlineStore(client), appended: appended,
            clock: ServiceClock(.continuous, now: { shop.now }),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        ) { command, context in try await shop.take(command, in: context) }
        return (store, runner)
    }

    /// Runs so many nodes until the condition holds; then they are cancelled, wherever they are.
    private func run(
        _ count: Int, on client: PostgresClient, _ shop: Shop, until condition: () async throws -> Bool
    ) async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<count {
                let (_, runner) = try node(client, shop)
                group.addTask { try await runner.run() }
            }
            while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
    }

    private func withShop(_ body: @Sendable (Shop, PostgresClient) async throws -> Void) async throws {
        try await withDatabase(migrations: "event_store") { _ in
            try await withClient(configure: { $0.role = PostgresEventStore.serviceRole }) { client in
                let store = PostgresEventStore(client, appended: PositionSignal())
                try await body(try Shop(store, PostgresDeadlineStore(client)), client)
            }
        }
    }

    @Test func `nodes share events and deadlines, which survive a restart, and do everything once`() async throws {
        try await withShop { shop, client in
            for order in 0..<20 { try await shop.happen("placed", to: "\(order)") }
            try await run(3, on: client, shop) { try await shop.effects.count >= 40 }
            shop.pass(3_600)
            try await run(3, on: client, shop) { try await shop.effects.count >= 60 }
            // The nodes may not have recorded all that they did, and their claims expire.
            shop.pass(DeadlineRunner.claimDuration)
            try await run(1, on: client, shop) {
                try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) == nil
            }
            let effects = try await shop.effects
            #expect(["reserve", "confirm", "cancel"].map { action in effects.count { $0 == action } } == [20, 20, 20])
        }
    }

    @Test func `a life on PostgreSQL is as in memory`() async throws {
        try await withShop { shop, _ in
            shop.refused.withLock { $0 = ["confirm 1"] }
            try await shop.happen("placed")
            try await shop.happen("placed", to: "2")
            for _ in 0..<2 { try await shop.deliverAll(shop.handler()) }
            shop.pass(3_600)
            for _ in 0..<2 { try await shop.meetAll(shop.handler()) }
            #expect(
                try await shop.effects == ["reserve", "apologize", "reserve", "confirm", "cancel"])
            #expect(
                try await shop.names(of: "2") == [
                    "event_handled", "placed", "command_sent", "command_sent", "deadline_reached", "command_sent",
                ])
            #expect(try await shop.deadlines.nextDue(of: OrderProcess.category, tenant: nil) == nil)
        }
    }
}
