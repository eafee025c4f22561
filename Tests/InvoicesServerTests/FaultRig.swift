import EmbeddedPostgres
import Foundation
import LibPQ
import NIOCore
import PostgresTesting
import RedisTesting
import Subprocess
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// A service with its relay, a worker, Redis and two databases, each of which can be killed and comes back.
final class FaultRig: Sendable {
    enum Victim: CaseIterable { case service, worker, redis, eventStore, readDatabase }

    private struct State {
        var service: RunningInvoices?
        var worker: pid_t?
        var isOver = false
    }

    let redis: TestRedis
    private let clusters: (eventStore: RestartableCluster, readDatabase: RestartableCluster)
    private let databases: TestDatabases
    private let environment: [String: String]
    private let state = Mutex(State())

    private init(
        _ redis: TestRedis, _ clusters: (eventStore: RestartableCluster, readDatabase: RestartableCluster),
        _ databases: TestDatabases, notifying url: String
    ) {
        self.redis = redis
        self.clusters = clusters
        self.databases = databases
        let settings = [
            "REDIS_URL": redis.url, "NOTIFICATIONS": "webhook", "NOTIFICATION_WEBHOOK_URL": url, "LOG_LEVEL": "notice",
        ]
        environment = databases.environment.merging(settings) { $1 }
    }

    /// Runs `body` while a service and a worker run, and are started again whenever they end.
    static func running(
        notifying url: String, _ body: @escaping @Sendable (FaultRig) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await RestartableCluster.running(in: "\(folder)/e") { eventStore in
                try await RestartableCluster.running(in: "\(folder)/r") { readDatabase in
                    try await TestRedis.running { redis in
                        let databases = try await TestDatabases(
                            eventStore: .make(in: eventStore.cluster), readDatabase: .make(in: readDatabase.cluster))
                        let rig = FaultRig(redis, (eventStore, readDatabase), databases, notifying: url)
                        try await rig.run(body)
                    }
                }
            }
        }
    }

    private func run(_ body: @escaping @Sendable (FaultRig) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.keepServing() }
            group.addTask { try await self.keepWorking() }
            defer { end() }
            try await waitUntilRunning()
            try await body(self)
            end()
            try await group.waitForAll()
        }
    }

    private func keepServing() async throws {
        while !isOver {
            _ = try? await InvoicesProgram.serving(environment: environment) { service in
                self.state.withLock { $0.service = service }
                while !self.isOver, !service.hasEnded { try await Task.sleep(for: .milliseconds(20)) }
            }
            state.withLock { $0.service = nil }
        }
    }

    private func keepWorking() async throws {
        while !isOver {
            _ = try await InvoicesProgram.run(
                ["worker", "--queue", "notification", "--concurrency", "4"], environment: environment
            ) { process in self.state.withLock { $0.worker = process } }
            state.withLock { $0.worker = nil }
        }
    }

    private var isOver: Bool { state.withLock(\.isOver) }

    private func end() {
        let worker = state.withLock { state in
            state.isOver = true
            return state.worker
        }
        if let worker { kill(worker, SIGTERM) }
    }

    private func waitUntilRunning() async throws {
        while state.withLock({ $0.service == nil || $0.worker == nil }) { try await Task.sleep(for: .milliseconds(20)) }
    }
}

// MARK: - Faults

extension FaultRig {
    /// Kills something after a while, and has it back after another one.
    func strike(_ victim: Victim, after delay: Duration, back pause: Duration) async throws {
        try await waitUntilRunning()
        try await Task.sleep(for: delay)
        switch victim {
        case .service: state.withLock { $0.service.map { _ = kill($0.process, SIGKILL) } }
        case .worker: state.withLock { $0.worker.map { _ = kill($0, SIGKILL) } }
        case .redis:
            redis.kill()
            try await Task.sleep(for: pause)
            try await redis.start()
        case .eventStore: try await restart(clusters.eventStore, after: pause)
        case .readDatabase: try await restart(clusters.readDatabase, after: pause)
        }
    }

    private func restart(_ cluster: RestartableCluster, after pause: Duration) async throws {
        cluster.cluster.kill()
        try await Task.sleep(for: pause)
        try await cluster.start()
    }
}

// MARK: - Work and what came of it

/// Whether more is to be written.
final class WriteBudget: Sendable {
    private let left: Mutex<Int>

    init(atMost count: Int) { left = Mutex(count) }

    var goesOn: Bool { left.withLock { $0 > 0 } && !Task.isCancelled }

    func note() { left.withLock { $0 -= 1 } }

    func end() { left.withLock { $0 = 0 } }
}

extension FaultRig {
    /// Creates an invoice and pays it, if the service answers.
    func write(_ budget: WriteBudget) async {
        guard let service = state.withLock(\.service),
            let created = try? await service.post(
                "/invoices", #"{"customerId":"\#(UUID())","amount":1}"#, giveUpAfter: .seconds(15)),
            let id = try? created.json["id"] as? String
        else {
            try? await Task.sleep(for: .milliseconds(50))
            return
        }
        budget.note()
        _ = try? await service.post("/invoices/\(id)/pay", giveUpAfter: .seconds(15))
    }

    /// What is to be notified of, in the order of the log.
    func notifiedEvents() async throws -> [LoggedEvent] {
        try await databases.eventStore.withClient { client in
            let statement = PostgresStatement(
                """
                select position, stream::text, event_id::text from event_store.events
                where type like 'invoices.invoice.created.%' or type like 'invoices.invoice.payment_received.%'
                order by position
                """)
            return try await client.query(statement).map { row in
                let (position, stream, id) = try row.decode(Int64.self, String.self, String.self)
                return LoggedEvent(position: position, stream: stream, id: id)
            }
        }
    }

    func parkedMessages() async throws -> Int64 {
        try await databases.eventStore.withClient { client in
            try await client.query(PostgresStatement("select count(*) from event_store.parked_messages"))[0]
                .decode(Int64.self)
        }
    }

    /// Waits until the worker has done so many jobs, those of killed workers included.
    func waitUntilCompleted(_ count: Int) async throws {
        while try await redis.run("ZCARD", "bull:notification:completed") != ["\(count)"] {
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
