import Foundation
import LibPQ
import PostgresTesting
import Testing

extension IntegrationTests {
    /// Several processes on the same two databases.
    @Suite struct Processes {
        @Test func `a write to any process answers when the process that projects has applied it`() async throws {
            try await serving { services, databases in
                let owner = try await databases.projectionOwner()
                #expect(services.contains { owner.hasSuffix("process \($0.process)") })
                for number in 0..<20 {
                    let (here, there) = (services[number % 2], services[1 - number % 2])
                    // 202 would say that it was not applied in time.
                    let invoice = try await here.create()
                    let paid = try await there.post("/invoices/\(invoice.id)/pay")
                    #expect(paid.status == 200)
                    #expect(try paid.json["paymentStatus"] as? String == "paid")
                    let token = try #require(paid.headers["consistency-token"])
                    let seen = try await here.get("/invoices/\(invoice.id)", headers: ["Consistency-Token": token])
                    #expect(seen.body == paid.body)
                }
                #expect(try await databases.projectionOwner() == owner)
            }
        }

        @Test func `when the process that projects stops, the other one projects`() async throws {
            try await serving { services, databases in
                let owner = try await databases.projectionOwner()
                let first = try #require(services.first { owner.hasSuffix("process \($0.process)") })
                let second = try #require(services.first { $0.process != first.process })
                first.send(SIGTERM)
                let invoice = try await second.create()
                #expect(try await second.get("/invoices/\(invoice.id)").status == 200)
                while try await databases.projectionOwner() == owner { try await Task.sleep(for: .milliseconds(20)) }
                #expect(try await databases.projectionOwner().hasSuffix("process \(second.process)"))
            }
        }

        /// Serves with two processes.
        private func serving(
            _ body: @escaping @Sendable ([RunningInvoices], TestDatabases) async throws -> Void
        ) async throws {
            let databases = try await TestDatabases.make()
            let first = try await InvoicesProgram.serving(environment: databases.environment) { one in
                let second = try await InvoicesProgram.serving(environment: databases.environment) { two in
                    try await body([one, two], databases)
                }
                #expect(second.exitCode == 0)
            }
            #expect(first.exitCode == 0)
        }
    }
}

extension TestDatabases {
    /// The process that owns the projection of invoices, once there is one.
    func projectionOwner() async throws -> String {
        try await readDatabase.withClient { client in
            let statement = PostgresStatement("select owner from owners where resource = 'projection/invoices/0'")
            while true {
                if let row = try await client.query(statement).first { return try row.decode(String.self) }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
