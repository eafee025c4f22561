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
                    let invoice = try await here.create()
                    let paid = try await there.post("/invoices/\(invoice.id)/pay")
                    #expect(paid.status == 200)
                    #expect(paid.headers["reads-behind"] == nil)
                    #expect(try paid.json["paymentStatus"] as? String == "paid")
                    let token = try #require(paid.headers["consistency-token"])
                    let seen = try await here.get("/invoices/\(invoice.id)", headers: ["Consistency-Token": token])
                    #expect(seen.body == paid.body)
                }
                #expect(try await databases.projectionOwner() == owner)
            }
        }

        @Test func `no process decides or answers from memory what another one has changed`() async throws {
            try await serving { services, _ in
                for number in 0..<10 {
                    let (here, there) = (services[number % 2], services[1 - number % 2])
                    let invoice = try await here.create(amount: 100)
                    let path = "/invoices/\(invoice.id)"
                    // Both hold the invoice in memory, and change it in turns.
                    for (service, amount) in [(there, 10), (here, 20), (there, 30)] {
                        let paid = try await service.post(path + "/pay", #"{"amount":\#(amount)}"#)
                        #expect(paid.status == 200)
                    }
                    let refused = try await here.post(path + "/pay", #"{"amount":41}"#)
                    #expect(refused.status == 409)
                    #expect((try refused.json["detail"] as? String)?.contains("40") == true)
                    let outdated = try await here.post(path + "/pay", headers: ["If-Match": #""1""#])
                    #expect(outdated.status == 412)
                    #expect(outdated.headers["etag"] == #""3""#)
                    #expect(try await here.post(path + "/pay", headers: ["If-Match": #""3""#]).status == 200)
                    // What the other process still holds would allow it.
                    #expect(try await there.post(path + "/pay").status == 409)
                    #expect(try await there.post(path + "/refund", #"{"amount":100}"#).status == 200)
                }
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
