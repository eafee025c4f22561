import EmbeddedPostgres
import Foundation
import PostgresTesting
import Synchronization
import Testing

extension IntegrationTests {
    /// Databases that stop while the service goes on, on clusters of their own.
    @Suite struct Outages {
        @Test func `writes are refused while the event store is down, reads go on, and both work afterwards`()
            async throws
        {
            try await serving { service, eventStore, _ in
                let invoice = try await service.create()
                try await eventStore.stop()

                let refused = try await service.post("/invoices/\(invoice.id)/pay")
                #expect(refused.status == 503)
                #expect(refused.headers["retry-after"] != nil)
                #expect(refused.headers["content-type"] == "application/problem+json")
                #expect(try await service.get("/invoices/\(invoice.id)").status == 200)
                #expect(try await service.get("/health/ready").status == 503)

                try await eventStore.start()
                try await service.waitUntilReady()
                let paid = try await service.post("/invoices/\(invoice.id)/pay")
                #expect(paid.status == 200)
                #expect(try paid.json["paymentStatus"] as? String == "paid")
            }
        }

        @Test func `what is written while the read database is down is seen once it is back`() async throws {
            try await serving { service, _, readDatabase in
                let invoice = try await service.create()
                try await readDatabase.stop()

                let read = try await service.get("/invoices/\(invoice.id)")
                #expect(read.status == 503)
                #expect(read.headers["retry-after"] != nil)
                let paid = try await service.post("/invoices/\(invoice.id)/pay", headers: ["Prefer": "wait=0"])
                #expect(paid.status == 200)
                #expect(paid.headers["reads-behind"] == "true")
                let token = try #require(paid.headers["consistency-token"])

                try await readDatabase.start()
                try await service.waitUntilReady()
                let seen = try await service.get("/invoices/\(invoice.id)", headers: ["Consistency-Token": token])
                #expect(seen.status == 200)
                #expect(try seen.json["paymentStatus"] as? String == "paid")
            }
        }

        /// Serves on two new clusters that `body` may stop and start.
        private func serving(
            _ body: @escaping @Sendable (RunningInvoices, RestartableCluster, RestartableCluster) async throws -> Void
        ) async throws {
            try await withTemporaryFolder { folder in
                try await RestartableCluster.running(in: "\(folder)/e") { eventStore in
                    try await RestartableCluster.running(in: "\(folder)/r") { readDatabase in
                        let databases = try await TestDatabases(
                            eventStore: .make(in: eventStore.cluster), readDatabase: .make(in: readDatabase.cluster))
                        try await InvoicesProgram.serving(environment: databases.environment) { service in
                            try await body(service, eventStore, readDatabase)
                        }
                    }
                }
            }
        }
    }
}

/// A cluster that is stopped and started again within a test, in the same place.
final class RestartableCluster: Sendable {
    private let directory: String
    private let running: Mutex<EmbeddedPostgres>

    var cluster: EmbeddedPostgres { running.withLock { $0 } }

    private init(directory: String, _ cluster: EmbeddedPostgres) {
        self.directory = directory
        running = Mutex(cluster)
    }

    static func running(in directory: String, _ body: (RestartableCluster) async throws -> Void) async throws {
        let restartable = RestartableCluster(directory: directory, try await EmbeddedPostgres.start(in: directory))
        do {
            try await body(restartable)
        } catch {
            try await restartable.stop()
            throw error
        }
        try await restartable.stop()
    }

    func stop() async throws { try await cluster.stop() }

    func start() async throws {
        let cluster = try await EmbeddedPostgres.start(in: directory)
        running.withLock { $0 = cluster }
    }
}

extension RunningInvoices {
    /// Waits until the service says that both of its databases answer.
    func waitUntilReady() async throws {
        while try await get("/health/ready").status != 200 { try await Task.sleep(for: .milliseconds(20)) }
    }
}
