import Foundation
import LibPQ
import NIOCore
import PostgresTesting
import Synchronization
import Testing

extension IntegrationTests {
    /// Another session holds a lock on one of the databases for longer than requests wait.
    @Suite struct Locks {
        private static let ofTheEventStore = [
            "select pg_advisory_xact_lock(7226481)",
            "lock table event_store.events in access exclusive mode",
            "select * from event_store.sequences for update",
            "alter table event_store.events add column more int",
        ]

        private static let body = #"{"customerId": "0190a6e2-0000-7000-8000-000000000002", "amount": 1250}"#

        private func serving(
            _ body: @escaping @Sendable (RunningInvoices, TestDatabases) async throws -> Void
        ) async throws -> [String] {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(["LOCK_TIMEOUT": "1"]) { _, new in new }
            return try await InvoicesProgram.serving(environment: environment) { service in
                _ = try await service.create()
                try await body(service, databases)
            }.output
        }

        private static func storedEvents(_ databases: TestDatabases) async throws -> Int64 {
            try await databases.eventStore.withClient {
                try await $0.query(PostgresStatement("select count(*) from event_store.events"))[0]
                    .decode(Int64.self)
            }
        }

        @Test(arguments: ofTheEventStore)
        func `writes are refused in time and never stored, and the session is named`(lock: String) async throws {
            let holder = Mutex<Int32>(0)
            let output = try await serving { service, databases in
                try await databases.eventStore.withOpenTransaction(lock) { processID, _ in
                    holder.withLock { $0 = processID }
                    try await withThrowingTaskGroup { group in
                        for key in 0..<20 {
                            group.addTask {
                                let refused = try await service.post(
                                    "/invoices", Self.body, headers: ["Idempotency-Key": "\"\(key)\""])
                                #expect(refused.status == 503)
                                #expect(refused.headers["retry-after"] == "1")
                                #expect(try refused.json["code"] as? String == "busy")
                            }
                        }
                        try await group.waitForAll()
                    }
                    var ready = try await service.get("/health/ready")
                    while ready.status == 200 { ready = try await service.get("/health/ready") }
                    #expect(String(decoding: ready.body, as: UTF8.self).contains("process \(processID)"))
                }
                #expect(try await Self.storedEvents(databases) == 1)
                try await service.waitUntilReady()
                for key in 0..<20 {
                    let stored = try await service.post(
                        "/invoices", Self.body, headers: ["Idempotency-Key": "\"\(key)\""])
                    #expect(stored.status == 201)
                    #expect(stored.headers["idempotency-replayed"] == nil)
                }
                #expect(try await Self.storedEvents(databases) == 21)
            }
            let lines = output.filter { $0.contains("Another session holds a lock") }
            #expect(lines.count == 1)
            #expect(lines.first?.contains("postgres.holder.pid=\(holder.withLock(\.self)) ") == true)
            #expect(lines.first?.contains("postgres.holder.application=intruder") == true)
        }

        @Test(arguments: [
            ("lock table invoices in access exclusive mode", false),
            ("alter table invoices add column more int", false),
            ("lock table invoices in share mode", true), ("lock table checkpoints in access exclusive mode", true),
            ("select * from checkpoints for update", true),
        ])
        func `writes go on, the projection waits, and reads are refused in time if the lock is in their way`(
            lock: String, isRead: Bool
        ) async throws {
            _ = try await serving { service, databases in
                let invoice = try await service.create()
                var token = ""
                try await databases.readDatabase.withOpenTransaction(lock) { processID, _ in
                    let paid = try await service.post("/invoices/\(invoice.id)/pay", headers: ["Prefer": "wait=0"])
                    #expect(paid.status == 200)
                    #expect(paid.headers["reads-behind"] == "true")
                    token = try #require(paid.headers["consistency-token"])
                    try await withThrowingTaskGroup { group in
                        for path in Array(repeating: ["/invoices/\(invoice.id)", "/invoices"], count: 20).joined() {
                            group.addTask {
                                let read = try await service.get(path)
                                #expect(read.status == (isRead ? 200 : 503))
                                if !isRead { #expect(read.headers["retry-after"] == "1") }
                            }
                        }
                        try await group.waitForAll()
                    }
                    guard !isRead else { return #expect(try await service.get("/health/ready").status == 200) }
                    var ready = try await service.get("/health/ready")
                    while ready.status == 200 { ready = try await service.get("/health/ready") }
                    #expect(String(decoding: ready.body, as: UTF8.self).contains("process \(processID)"))
                }
                try await service.waitUntilReady()
                var seen = try await service.get("/invoices/\(invoice.id)", headers: ["Consistency-Token": token])
                while seen.status == 503 {
                    seen = try await service.get("/invoices/\(invoice.id)", headers: ["Consistency-Token": token])
                }
                #expect(try seen.json["paymentStatus"] as? String == "paid")
            }
        }

        /// Other tables than those that requests use, so that nothing else finds out.
        @Test func `the start waits for a lock no longer than is set, and names its session`() async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(["LOCK_TIMEOUT": "1"]) { $1 }
            #expect(try await InvoicesProgram.run(["migrate"], environment: environment).exitCode == 0)
            let lock = "lock table schema_migrations in access exclusive mode"
            try await databases.readDatabase.withOpenTransaction(lock) { processID, _ in
                let ending = try await InvoicesProgram.run(["migrate"], environment: environment)
                #expect(ending.exitCode == 69)
                #expect(ending.output.contains { $0.contains("postgres.holder.pid=\(processID) ") })
                #expect(ending.output.last?.hasPrefix("invoices: read database") == true)
                #expect(ending.output.last?.contains("another session holds a lock") == true)
            }
        }

        @Test func `the start waits for another process that migrates, however long that takes`() async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(["LOCK_TIMEOUT": "1"]) { $1 }
            let lock = "select pg_advisory_xact_lock(hashtextextended('LibPQ migrations schema_migrations', 0))"
            let output = try await databases.eventStore.withOpenTransaction(lock) { _, end in
                async let ending = InvoicesProgram.serving(environment: environment) { _ = try await $0.create() }
                // Longer than it waits for any other lock.
                try await Task.sleep(for: .milliseconds(2_500))
                await end()
                return try await ending.output
            }
            #expect(output.contains { $0.contains("Another session holds a lock") })
        }

        @Test(arguments: ofTheEventStore)
        func `a request whose client has gone is not stored when the lock is`(lock: String) async throws {
            _ = try await serving { service, databases in
                try await databases.eventStore.withOpenTransaction(lock) { _, _ in
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<5 {
                            group.addTask {
                                await #expect(throws: (any Error).self) {
                                    try await service.post("/invoices", Self.body, giveUpAfter: .milliseconds(300))
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                    try await databases.eventStore.withClient { client in
                        let waiting: PostgresStatement = """
                            select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid
                            where not l.granted and a.datname = current_database() and a.query like '%append_events%'
                            """
                        // Between one that was given up and the next that is, no append waits for a moment. What follows the
                        // log goes on to wait.
                        var lastSeen = ContinuousClock.now
                        while ContinuousClock.now - lastSeen < .seconds(1) {
                            if try await client.query(waiting)[0].decode(Int64.self) > 0 { lastSeen = .now }
                        }
                    }
                }
                #expect(try await service.post("/invoices", Self.body).status == 201)
                #expect(try await Self.storedEvents(databases) == 2)
            }
        }
    }
}
