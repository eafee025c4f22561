import Foundation
import LibPQ
import PostgresTesting
import RedisTesting
import Testing

#if canImport(Glibc)
import Glibc
#endif

extension IntegrationTests {
    /// What leaves for a queue on Redis, with a server of each test's own.
    @Suite struct Queues {
        @Test func `an event becomes a job whose id is that of the event, in the order of the log`() async throws {
            try await serving { service, redis, databases in
                let invoice = try await service.create()
                #expect(try await service.post("/invoices/\(invoice.id)/pay").status == 200)
                let jobs = try await redis.jobs(of: "notification", count: 2)
                #expect(jobs.map(\.name) == ["invoices.invoice.created.v3", "invoices.invoice.payment_received.v1"])
                #expect(try await databases.eventIDs() == jobs.map(\.id))
                for job in jobs {
                    let data = try #require(
                        try JSONSerialization.jsonObject(with: Data(job.data.utf8)) as? [String: Any])
                    #expect(data["eventId"] as? String == job.id)
                    #expect(data["type"] as? String == job.name)
                    #expect((data["payload"] as? [String: Any])?["invoiceId"] as? String == invoice.id)
                    #expect(data["metadata"] is [String: Any])
                }
                #expect(try await service.health() == Health(status: "ok", relay: "ok"))
            }
        }

        @Test func `queues get the events that their routes name`() async throws {
            let settings = ["OUTBOX_ROUTES": "paid=payment_received;all=*", "QUEUE_PREFIX": "{q}"]
            try await serving(settings) { service, redis, _ in
                let invoice = try await service.create()
                #expect(try await service.post("/invoices/\(invoice.id)/pay").status == 200)
                #expect(try await redis.jobs(of: "all", prefix: "{q}", count: 2).count == 2)
                let paid = try await redis.jobs(of: "paid", prefix: "{q}", count: 1)
                #expect(paid.map(\.name) == ["invoices.invoice.payment_received.v1"])
            }
        }

        @Test func `without Redis the service starts and works, says so, and everything leaves when Redis is there`()
            async throws
        {
            try await TestRedis.running { redis in
                await redis.stop()
                let databases = try await TestDatabases.make()
                let environment = databases.environment.merging(["REDIS_URL": redis.url]) { $1 }
                let ending = try await InvoicesProgram.serving(environment: environment) { service in
                    for _ in 0..<3 { _ = try await service.create() }
                    try await service.wait(for: Health(status: "degraded", relay: "degraded"))
                    #expect(try await service.reason().contains("Redis does not answer"))
                    try await redis.start()
                    #expect(try await redis.jobs(of: "notification", count: 3).count == 3)
                    try await service.wait(for: Health(status: "ok", relay: "ok"))
                    await redis.stop()
                    try await service.wait(for: Health(status: "degraded", relay: "degraded"))
                    _ = try await service.create()
                    try await redis.start()
                    #expect(try await redis.jobs(of: "notification", count: 4).count == 4)
                    try await service.wait(for: Health(status: "ok", relay: "ok"))
                }
                #expect(ending.exitCode == 0)
            }
        }

        @Test(arguments: ["is full", "takes no writes"])
        func `while Redis refuses writes the service works and says so, and everything leaves afterwards`(
            _ reason: String
        ) async throws {
            try await serving { service, redis, _ in
                _ = try await service.create()
                _ = try await redis.jobs(of: "notification", count: 1)
                if reason == "is full" { try await redis.fill() } else { try await redis.makeReadOnly() }
                for _ in 0..<3 { _ = try await service.create() }
                try await service.wait(for: Health(status: "degraded", relay: "degraded"))
                #expect(try await service.reason().contains("Redis \(reason)"))
                if reason == "is full" { try await redis.empty() } else { try await redis.makeWritable() }
                #expect(try await redis.jobs(of: "notification", count: 4).count == 4)
                try await service.wait(for: Health(status: "ok", relay: "ok"))
            }
        }

        @Test func `the program ends although Redis hangs, and sends what is left when it starts again`() async throws {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                let settings = ["REDIS_URL": redis.url, "SHUTDOWN_TIMEOUT": "1"]
                let environment = databases.environment.merging(settings) { $1 }
                let ending = try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    _ = try await redis.jobs(of: "notification", count: 1)
                    kill(redis.processID, SIGSTOP)
                    for _ in 0..<3 { _ = try await service.create() }
                }
                kill(redis.processID, SIGCONT)
                #expect(ending.exitCode == 0)
                try await InvoicesProgram.serving(environment: environment) { _ in
                    let jobs = try await redis.jobs(of: "notification", count: 4)
                    #expect(jobs.count == 4)
                }
            }
        }

        @Test func `several processes share the work, and each event is one job`() async throws {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                let environment = databases.environment.merging(["REDIS_URL": redis.loopbackURL]) { $1 }
                try await InvoicesProgram.serving(environment: environment) { one in
                    try await InvoicesProgram.serving(environment: environment) { two in
                        for number in 0..<20 { _ = try await (number % 2 == 0 ? one : two).create() }
                        let jobs = try await redis.jobs(of: "notification", count: 20)
                        #expect(Set(jobs.map(\.id)).count == 20)
                    }
                }
                #expect(try await redis.run("GET", "bull:notification:id").first.flatMap { Int($0) } == 20)
            }
        }

        @Test func `a process that runs no relays adds no jobs, needs no Redis, and leaves its events to another`()
            async throws
        {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                try await InvoicesProgram.serving(environment: databases.environment.merging(["RELAY": "no"]) { $1 }) {
                    service in
                    _ = try await service.create()
                    #expect(try await service.health() == Health(status: "ok", relay: nil))
                }
                let settings = ["REDIS_URL": redis.url]
                try await InvoicesProgram.serving(environment: databases.environment.merging(settings) { $1 }) { _ in
                    let jobs = try await redis.jobs(of: "notification", count: 1)
                    #expect(try await databases.eventIDs() == jobs.map(\.id))
                }
            }
        }

        @Test func `health does not wait for a Redis that hangs`() async throws {
            try await serving { service, redis, _ in
                try await service.wait(for: Health(status: "ok", relay: "ok"))
                kill(redis.processID, SIGSTOP)
                let start = ContinuousClock.now
                let health = try await service.health()
                let duration = ContinuousClock.now - start
                kill(redis.processID, SIGCONT)
                #expect(health == Health(status: "degraded", relay: "degraded"))
                // Its command is given up after five seconds.
                #expect(duration < .seconds(4))
                try await service.wait(for: Health(status: "ok", relay: "ok"))
            }
        }

        @Test func `handlers that are to be queued need a queue, and that is one line`() async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(["EVENT_HANDLERS": "queued"]) { $1 }
            let ending = try await InvoicesProgram.run(
                ["serve", "--port", "0", "--log-level", "error"], environment: environment)
            #expect(ending.exitCode == 78)
            #expect(ending.output.count == 1, "\(ending.output)")
            #expect(ending.output.first?.contains("EVENT_HANDLERS: queued needs a queue; set REDIS_URL") == true)
        }

        /// Serves with a Redis of its own.
        private func serving(
            _ settings: [String: String] = [:],
            _ body: @escaping @Sendable (RunningInvoices, TestRedis, TestDatabases) async throws -> Void
        ) async throws {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                var environment = databases.environment.merging(settings) { $1 }
                environment["REDIS_URL"] = redis.url
                let ending = try await InvoicesProgram.serving(environment: environment) { service in
                    try await body(service, redis, databases)
                }
                #expect(ending.exitCode == 0)
            }
        }
    }
}

extension TestDatabases {
    /// The ids of all events, in the order of the log.
    func eventIDs() async throws -> [String] {
        try await eventStore.withClient { client in
            let statement = PostgresStatement("select event_id::text from event_store.events order by position")
            return try await client.query(statement).map { try $0.decode(String.self) }
        }
    }
}

/// What `/health/ready` says.
struct Health: Equatable {
    let status: String
    /// Nil where there is no relay.
    let relay: String?
}

extension RunningInvoices {
    /// What `/health/ready` says, with status 200.
    func health() async throws -> Health {
        let relay = try await relayCheck()
        let answer = try await get("/health/ready")
        #expect(answer.status == 200)
        return Health(status: try answer.json["status"] as? String ?? "", relay: relay?["status"] as? String)
    }

    /// Why the relay is degraded.
    func reason() async throws -> String { try await relayCheck()?["reason"] as? String ?? "" }

    /// Waits until `/health/ready` says this.
    func wait(for expected: Health) async throws {
        while try await health() != expected { try await Task.sleep(for: .milliseconds(20)) }
    }

    private func relayCheck() async throws -> [String: Any]? {
        let checks = try await get("/health/ready").json["checks"] as? [[String: Any]]
        return checks?.first { $0["name"] as? String == "relay" }
    }
}

/// A job of BullMQ as it is in Redis.
struct StoredJob {
    let id: String
    let name: String
    let data: String
}

extension TestRedis {
    /// The jobs that wait in a queue, in their order, once there are so many.
    func jobs(of queue: String, prefix: String = "bull", count: Int) async throws -> [StoredJob] {
        let base = "\(prefix):\(queue):"
        while true {
            let ids = try await run("LRANGE", base + "wait", "0", "-1")
            if ids.count >= count {
                var jobs: [StoredJob] = []
                for id in ids.reversed() {
                    let values = try await run("HMGET", base + id, "name", "data")
                    try #require(values.count == 2)
                    jobs.append(StoredJob(id: id, name: values[0], data: values[1]))
                }
                return jobs
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
