import Foundation
import LibPQ
import PostgresTesting
import Testing

extension IntegrationTests {
    @Suite struct EverydayUse {
        private func serving(
            environment: [String: String] = [:],
            _ body: @escaping @Sendable (RunningInvoices, TestDatabases) async throws -> Void
        ) async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(environment) { $1 }
            let ending = try await InvoicesProgram.serving(environment: environment) { service in
                try await body(service, databases)
            }
            #expect(ending.exitCode == 0)
        }

        @Test func `an invoice is created, read, paid and read again`() async throws {
            try await serving { service, _ in
                let answer = try await service.post(
                    "/invoices",
                    #"{"customerId":"0190a6e2-0000-7000-8000-000000000002","amount":1250,"currency":"CHF","#
                        + #""reference":"PO-7","dueDate":"2026-12-31"}"#)
                #expect(answer.status == 201)
                #expect(answer.headers["etag"]?.hasPrefix("\"0-") == true)
                let created = try answer.json
                let id = try #require(created["id"] as? String)
                #expect(answer.headers["location"] == "/invoices/\(id)")
                #expect(created["state"] as? String == "open")
                #expect((created["number"] as? String)?.hasPrefix("INV-") == true)
                #expect(created["currency"] as? String == "CHF")
                #expect(created["reference"] as? String == "PO-7")
                #expect(created["dueDate"] as? String == "2026-12-31")

                let read = try await service.get("/invoices/\(id)")
                #expect(read.status == 200)
                #expect(read.body == answer.body)

                let paid = try await service.post("/invoices/\(id)/pay", headers: ["If-Match": "\"0\""])
                #expect(paid.status == 200)
                #expect(paid.headers["etag"]?.hasPrefix("\"1-") == true)
                #expect(try paid.json["paymentStatus"] as? String == "paid")
                #expect(try await service.get("/invoices/\(id)").body == paid.body)
            }
        }

        @Test func `a direct debit that bounces is due again in everything that is read`() async throws {
            // Otherwise the invoice becomes overdue by an event in between, at a moment of its own.
            try await serving(environment: ["RELAY": "no"]) { service, _ in
                let customer = UUID()
                let created = try await service.post(
                    "/invoices", #"{"customerId":"\#(customer)","amount":10000,"dueDate":"2020-01-01"}"#)
                let path = try #require(created.headers["location"])
                let debit = UUID().uuidString.lowercased()
                let part = try await service.post(
                    path + "/pay", #"{"id":"\#(debit)","amount":4000,"method":"direct_debit"}"#)
                #expect(part.status == 200)
                #expect(try await service.post(path + "/pay").json["state"] as? String == "closed")
                let reversed = try await service.post(
                    "\(path)/payments/\(debit)/reverse", #"{"reason":"bounced"}"#, headers: ["If-Match": "\"2\""])
                #expect(reversed.status == 200)
                let invoice = try reversed.json
                #expect(invoice["state"] as? String == "open")
                #expect(invoice["dueAmount"] as? Int == 4000)
                #expect(invoice["overdue"] as? Bool == true)
                let payments = try #require(invoice["payments"] as? [[String: Any]])
                #expect(payments.map { $0["amount"] as? Int } == [4000, 6000])
                #expect(payments[0]["id"] as? String == debit)
                #expect(payments.map { $0["reversedAt"] is String } == [true, false])
                #expect(try await service.get(path).body == reversed.body)
                let list = try await service.get("/invoices?customerId=\(customer)&overdue=true&state=open")
                let listed = try #require(try list.json["data"] as? [NSDictionary])
                #expect(listed == [invoice as NSDictionary])
                let statement = try await service.get("/customers/\(customer)/statement")
                let balances = try #require(try statement.json["balances"] as? [[String: Any]])
                #expect(balances.first?["overdue"] as? NSDictionary == ["invoices": 1, "amount": 4000])
                #expect(balances.first?["paid"] as? NSDictionary == ["invoices": 1, "amount": 6000])
                let again = try await service.post("\(path)/payments/\(debit)/reverse", #"{"reason":"bounced"}"#)
                #expect(again.status == 409)
                #expect(try await service.post(path + "/pay").json["state"] as? String == "closed")
            }
        }

        @Test func `lines with a discount, a fine price and tax by rate come back as they were written`() async throws {
            try await serving { service, _ in
                let created = try await service.post(
                    "/invoices",
                    #"""
                    {"customerId":"0190a6e2-0000-7000-8000-000000000002","roundingRule":"rate-half-up.v1","lines":[
                    {"description":"Electricity","quantity":"812.5","unitPrice":"31.4159","taxRate":1900},
                    {"description":"Discount","quantity":"-1","unitPrice":2500,"taxRate":1900}]}
                    """#)
                #expect(created.status == 201)
                #expect(try created.json["taxAmount"] as? Int == 4375)
                let path = try #require(created.headers["location"])
                #expect(try await service.get(path).body == created.body)
                #expect(try await service.get(path + "?revision=0").body == created.body)
            }
        }

        @Test func `a customer's statement includes the writes whose token it is asked with`() async throws {
            try await serving { service, _ in
                let customer = UUID()
                func statement(after write: Answer) async throws -> NSDictionary {
                    let token = try #require(write.headers["consistency-token"])
                    let answer = try await service.get(
                        "/customers/\(customer)/statement?on=2027-01-01", headers: ["Consistency-Token": token])
                    #expect(answer.status == 200)
                    let balances = try #require(try answer.json["balances"] as? [NSDictionary])
                    #expect(balances.count == 1)
                    return try #require(balances.first)
                }
                let none = ["invoices": 0, "amount": 0]
                let one = ["invoices": 1, "amount": 1250]
                for _ in 0..<3 { _ = try await service.create() }
                let created = try await service.post(
                    "/invoices", #"{"customerId":"\#(customer)","amount":1250,"dueDate":"2026-12-31"}"#)
                let owed = try await statement(after: created)
                #expect(owed == ["currency": "EUR", "open": one, "overdue": one, "paid": none])
                let id = try #require(try created.json["id"] as? String)
                let settled = try await statement(after: try await service.post("/invoices/\(id)/pay"))
                #expect(settled == ["currency": "EUR", "open": none, "overdue": none, "paid": one])
            }
        }

        @Test func `a long list is read in pages, the newest first, each invoice once`() async throws {
            try await serving { service, _ in
                var created: [String] = []
                for number in 1...25 { created.append(try await service.create(amount: Int64(number)).id) }
                for pageSize in [1, 7, 25, 200] {
                    #expect(try await service.all(pageSize: pageSize).map(\.id) == created.reversed())
                }
            }
        }

        @Test func `an invoice that is created while a list is read does not disturb its pages`() async throws {
            try await serving { service, _ in
                var created: [String] = []
                for _ in 1...10 { created.append(try await service.create().id) }
                let first = try await service.page("limit=4")
                let cursor = try #require(first.nextCursor)
                _ = try await service.create()
                let second = try await service.page("limit=20&cursor=\(cursor)")
                #expect((first.data + second.data).map(\.id) == created.reversed())
                #expect(second.nextCursor == nil)
            }
        }

        @Test func `of many who pay one invoice at once one succeeds, and the others are told so`() async throws {
            try await serving { service, databases in
                let invoice = try await service.create()
                let statuses = try await withThrowingTaskGroup { group in
                    for _ in 0..<20 {
                        group.addTask { try await service.post("/invoices/\(invoice.id)/pay").status }
                    }
                    return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
                }
                #expect(statuses == [200: 1, 409: 19])
                let events = try await databases.eventStore.withClient {
                    try await $0.query(PostgresStatement("select count(*) from event_store.events"))
                }
                #expect(try events[0].decode(Int64.self) == 2)
            }
        }

        @Test func `200 invoices created at once have contiguous positions and are projected once each`() async throws {
            try await serving { service, databases in
                let created = try await withThrowingTaskGroup { group in
                    for number in 1...200 { group.addTask { try await service.create(amount: Int64(number)).id } }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(created.count == 200)
                let log = try await databases.eventStore.withClient {
                    try await $0.query(
                        PostgresStatement("select min(position), max(position), count(*) from event_store.events"))
                }
                let (first, last, count) = try log[0].decode(Int64.self, Int64.self, Int64.self)
                #expect([first, last, count] == [1, 200, 200])
                #expect(Set(try await service.all(pageSize: 50).map(\.id)) == created)
                let rows = try await databases.readDatabase.withClient {
                    try await $0.query(
                        PostgresStatement("select count(*), sum(amount)::bigint, max(revision) from invoices"))
                }
                let (invoices, sum, revision) = try rows[0].decode(Int64.self, Int64.self, Int64.self)
                #expect([invoices, sum, revision] == [200, 20_100, 0])
            }
        }
    }
}
