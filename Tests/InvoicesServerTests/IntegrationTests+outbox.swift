import Foundation
import LibPQ
import PostgresTesting
import RedisTesting
import Testing

extension IntegrationTests {
    /// `invoices outbox`, on the databases of a service.
    @Suite struct OutboxByCommand {
        @Test func `what waits, what failed and what was published is seen for each sink`() async throws {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                let environment = databases.environment.merging(["REDIS_URL": redis.url]) { $1 }
                try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    _ = try await redis.jobs(of: "notification", count: 1)
                    try await waitUntil(published: 1, environment)
                    await redis.stop()
                    _ = try await service.create()
                    try await service.wait(for: Health(status: "degraded", relay: "degraded"))
                    let waiting = try await sink(environment)
                    #expect(waiting["published"] as? Int == 1)
                    #expect((waiting["oldest"] as? [String: Any])?["position"] as? Int == 2)
                    #expect((waiting["oldest"] as? [String: Any])?["attempts"] as? Int == 0)
                    let text = try await InvoicesProgram.run(
                        ["outbox", "status", "queue.notification"], environment: environment)
                    #expect(text.output.contains { $0.contains("see /health/ready") }, "\(text.output)")
                    try await redis.start()
                    try await waitUntil(published: 2, environment)
                }
                let list = try await InvoicesProgram.run(["outbox", "list"], environment: environment)
                #expect(list.output.count == 2)
                let columns = list.output.last?.split(separator: " ").map(String.init)
                #expect(columns?.prefix(7) == ["queue.notification", "main", "running", "0", "0", "0", "2"])
                let text = try await InvoicesProgram.run(
                    ["outbox", "status", "queue.notification"], environment: environment)
                #expect(text.output.contains("  published  2"))
            }
        }

        @Test func `a failed event is listed with its reason, sent again, and skipped when that is confirmed`()
            async throws
        {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                let environment = databases.environment.merging(["REDIS_URL": redis.url]) { $1 }
                try await InvoicesProgram.serving(environment: environment) { service in
                    for _ in 0..<2 { _ = try await service.create() }
                    try await waitUntil(published: 2, environment)
                }
                try await databases.failEvents()
                let waiting = try await InvoicesProgram.run(
                    ["outbox", "status", "queue.notification"], environment: environment)
                #expect(waiting.output.contains("  failed     2: see \"invoices outbox failed queue.notification\""))
                let failed = try await document(["outbox", "failed", "queue.notification"], environment)
                let events = try #require(failed["events"] as? [[String: Any]])
                #expect(events.map { $0["position"] as? Int } == [1, 2])
                #expect(events.map { $0["lastError"] as? String } == ["too large", "too large"])
                #expect(events.first?["eventID"] as? String == (try await databases.eventIDs().first))

                let skip = ["outbox", "skip", "queue.notification", "--position", "1"]
                let unconfirmed = try await InvoicesProgram.run(skip, environment: environment)
                #expect(unconfirmed.exitCode == 64)
                try await succeed(skip + ["--yes"], environment)
                try await InvoicesProgram.serving(environment: environment) { _ in
                    let retried = try await document(
                        ["outbox", "retry", "queue.notification", "--all", "--wait"], environment)
                    #expect(retried["count"] as? Int == 1)
                }
                let left = try await sink(environment)
                #expect(left["failed"] as? Int == 0)
                #expect(left["pending"] as? Int == 0)
            }
        }

        @Test func `waiting for a sink that no relay serves ends`() async throws {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                let environment = databases.environment.merging(["REDIS_URL": redis.url]) { $1 }
                try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    try await waitUntil(published: 1, environment)
                }
                try await databases.failEvents()
                let ending = try await InvoicesProgram.run(
                    ["outbox", "retry", "queue.notification", "--all", "--wait"], environment: environment)
                #expect(ending.exitCode == 1)
                #expect(
                    ending.output.last
                        == "invoices: sink queue.notification of main: no relay has asked for its events lately: "
                        + "start a service that serves it, and they are sent; pending: 1")
            }
        }

        @Test func `a sink that is not there is one line that names those that are`() async throws {
            try await TestRedis.running { redis in
                let databases = try await TestDatabases.make()
                let environment = databases.environment.merging(["REDIS_URL": redis.url]) { $1 }
                try await InvoicesProgram.serving(environment: environment) { _ in }
                let ending = try await InvoicesProgram.run(
                    ["outbox", "status", "queue.mail"], environment: environment)
                #expect(ending.exitCode == 66)
                #expect(
                    ending.output == [
                        "invoices: there is no sink \"queue.mail\"; there are: queue.notification of main"
                    ])
            }
        }

        private func sink(_ environment: [String: String]) async throws -> [String: Any] {
            let report = try await document(["outbox", "status", "queue.notification"], environment)
            return try #require((report["sinks"] as? [[String: Any]])?.first)
        }

        private func waitUntil(published count: Int, _ environment: [String: String]) async throws {
            while try await sink(environment)["published"] as? Int != count {}
        }
    }
}

extension TestDatabases {
    /// Puts all events aside, as a relay does with those that its sink refuses, while no service runs.
    fileprivate func failEvents() async throws {
        try await eventStore.withClient { client in
            try await client.withConnection {
                try await $0.script(
                    """
                    insert into event_store.parked_messages (
                        subscription_id, position, stream, state, attempts, reason, parked_at)
                    select s.subscription_id, e.position, e.stream, 'parked', 3, 'too large', clock_timestamp()
                    from event_store.subscriptions s, event_store.events e;
                    """)
            }
        }
    }
}
