import EmbeddedPostgres
import Foundation
import LibPQ
import PostgresTesting
import Testing

extension IntegrationTests {
    /// Databases whose sessions are with a server that takes no writes any more.
    @Suite struct Failover {
        @Test func `writes are refused while the event store takes none, and work again without a restart`()
            async throws
        {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let invoice = try await service.create()
                try await databases.eventStore.setReadOnly()

                let refused = try await service.post("/invoices/\(invoice.id)/pay")
                #expect(refused.status == 503)
                #expect(refused.headers["retry-after"].flatMap(Int.init) != nil)
                #expect(try refused.json["code"] as? String == "unavailable")
                try await service.expectUnready("event-store")

                try await databases.eventStore.resetReadOnly()
                try await service.waitUntilReady()
                #expect(try await service.post("/invoices/\(invoice.id)/pay").status == 200)
                #expect(try await service.get("/invoices/\(invoice.id)").status == 200)
            }
        }

        @Test func `a moment without a server that takes writes leaves nothing behind`() async throws {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let invoice = try await service.create()
                for database in databases.all {
                    try await database.setReadOnly()
                    try await database.resetReadOnly()
                }
                try await service.waitUntilReady()
                let paid = try await service.post("/invoices/\(invoice.id)/pay")
                #expect(paid.status == 200)
                #expect(paid.headers["reads-behind"] == nil)
            }
        }

        @Test func `what is written while the read database takes no writes is seen afterwards`() async throws {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let invoice = try await service.create()
                try await databases.readDatabase.setReadOnly()

                let paid = try await service.post("/invoices/\(invoice.id)/pay", headers: ["Prefer": "wait=0"])
                #expect(paid.status == 200)
                let token = try #require(paid.headers["consistency-token"])
                try await service.expectUnready("read-database")

                try await databases.readDatabase.resetReadOnly()
                try await service.waitUntilReady()
                try await service.waitUntil("/invoices/\(invoice.id)", is: 200, headers: ["Consistency-Token": token])
            }
        }

        @Test func `of several servers the one that takes writes is used`() async throws {
            let databases = try await TestDatabases.make()
            let standby = try await TestDatabase.make(on: .second)
            try await standby.setReadOnly()
            var environment = databases.environment
            let (first, second) = (databases.eventStore.cluster, standby.cluster)
            environment["EVENT_STORE_HOST"] = "/nowhere,\(second.socketDirectory),\(first.socketDirectory)"
            // One name for the database on both servers.
            try await standby.rename(to: databases.eventStore.name)
            try await InvoicesProgram.serving(environment: environment) { service in
                let invoice = try await service.create()
                #expect(try await service.post("/invoices/\(invoice.id)/pay").status == 200)
            }
        }
    }

    /// Statements that the server ends.
    @Suite struct EndedStatements {
        @Test func `a statement that an operator cancels is 503, and the next one is answered`() async throws {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let invoice = try await service.create()
                try await databases.readDatabase.withClient { outsider in
                    let answer = try await outsider.transaction { transaction in
                        try await transaction.execute("lock table invoices in access exclusive mode")
                        async let reading = service.get("/invoices?limit=1")
                        try await databases.readDatabase.cancel(waitingFor: "invoices")
                        return try await reading
                    }
                    #expect(answer.status == 503)
                    #expect(answer.headers["retry-after"] != nil)
                }
                #expect(try await service.get("/invoices/\(invoice.id)").status == 200)
            }
        }

        @Test func `so is a write, and it can be made again`() async throws {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let invoice = try await service.create()
                try await databases.eventStore.withClient { outsider in
                    let answer = try await outsider.transaction { transaction in
                        try await transaction.execute("lock table event_store.events in exclusive mode")
                        async let paying = service.post("/invoices/\(invoice.id)/pay")
                        try await databases.eventStore.cancel(waitingFor: "event_store.events")
                        return try await paying
                    }
                    #expect(answer.status == 503)
                    #expect(answer.headers["retry-after"] != nil)
                }
                #expect(try await service.post("/invoices/\(invoice.id)/pay").status == 200)
            }
        }
    }
}

extension TestDatabases {
    var all: [TestDatabase] { [eventStore, readDatabase] }
}

extension TestDatabase {
    /// Imitates a server that has become a standby: no session takes writes any more.
    func setReadOnly() async throws {
        try await administer("alter database \(name) set default_transaction_read_only = on")
        try await administer(
            "select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = '\(name)'")
    }

    func resetReadOnly() async throws {
        try await administer("alter database \(name) reset default_transaction_read_only")
    }

    func rename(to other: String) async throws {
        try await administer("alter database \(name) rename to \(other)")
    }

    /// Cancels the first statement that waits for a lock on a table.
    func cancel(waitingFor table: String) async throws {
        try await withClient { outsider in
            var isCancelled = false
            while !isCancelled {
                try Task.checkCancellation()
                isCancelled = try await !outsider.execute(
                    """
                    select pg_cancel_backend(pid) from pg_locks
                    where not granted and relation = to_regclass($1) limit 1
                    """, table
                ).isEmpty
            }
        }
    }

    /// Runs statements outside of the database, which they may be about.
    func administer(_ sql: String) async throws {
        try await Self.administrative(of: cluster).run(sql)
    }

    /// Runs statements in the database.
    func run(_ sql: String) async throws {
        try await withClient { client in
            try await client.withConnection { try await $0.script(sql) }
        }
    }
}

extension RunningInvoices {
    /// Waits until the service says that it is not ready, and because of what.
    func expectUnready(_ name: String) async throws {
        var answer = try await get("/health/ready")
        while answer.status == 200 { answer = try await get("/health/ready") }
        #expect(answer.headers["retry-after"] != nil)
        let checks = try answer.json["checks"] as? [[String: Any]] ?? []
        let failed = checks.filter { $0["status"] as? String == "failed" }
        #expect(failed.map { $0["name"] as? String } == [name])
    }

    func waitUntil(_ path: String, is status: Int, headers: [String: String] = [:]) async throws {
        while try await get(path, headers: headers).status != status { try await Task.sleep(for: .milliseconds(20)) }
    }
}
