import EventSourcing
import EventSourcingPostgres
import Foundation
import LibPQ
import PostgresTesting
import SMTPTesting
import Testing

#if canImport(Glibc)
import Glibc
#endif

extension IntegrationTests {
    /// What happens when a due date has passed.
    @Suite struct Overdue {
        private static func body(dueDate: String = "2026-01-31") -> String {
            #"{"customerId":"\#(UUID())","amount":1250,"dueDate":"\#(dueDate)"}"#
        }

        private func count(_ type: String, in databases: TestDatabases) async throws -> Int64 {
            try await databases.eventStore.withClient {
                try await $0.query(
                    PostgresStatement("select count(*) from event_store.events where type like $1"), "%.\(type).%")[0]
                    .decode(Int64.self)
            }
        }

        private func eventually(_ condition: () async throws -> Bool) async throws {
            while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
        }

        @Test func `an overdue invoice says so by an event, is read as before, and can be paid`() async throws {
            let databases = try await TestDatabases.make()
            let ending = try await InvoicesProgram.serving(environment: databases.environment) { service async throws in
                let path = try #require(try await service.post("/invoices", Self.body()).headers["location"])
                try await eventually { try await service.isOverdueByEvent(path) }
                let events = try await service.get(path + "/events").json["data"] as? [[String: Any]]
                let overdue = try #require(events?.last)
                #expect(overdue["source"] as? String == "collection.overdue")
                let data = try #require(overdue["data"] as? [String: Any])
                #expect(data["dueDate"] as? String == "2026-01-31" && data["dueAmount"] as? Int == 1250)
                #expect(data["overdueAt"] is String)
                #expect(try await service.get(path + "?on=2026-01-31").json["overdue"] as? Bool == false)
                #expect(try await service.get(path).json["overdue"] as? Bool == true)
                #expect(try await service.get(path + "?revision=0").json["overdue"] as? Bool == true)
                let paid = try await service.post(path + "/pay")
                #expect(try paid.json["state"] as? String == "closed")
                #expect(try paid.json["overdue"] as? Bool == false)
            }
            #expect(ending.output.contains { $0.contains("Notification") && $0.contains("overdue") })
        }

        @Test func `processes that are killed make every invoice overdue once`() async throws {
            let databases = try await TestDatabases.make()
            for round in 1...4 {
                _ = try? await InvoicesProgram.serving(environment: databases.environment) { first in
                    try await InvoicesProgram.serving(environment: databases.environment) { second in
                        for number in 0..<10 {
                            let service = number.isMultiple(of: 2) ? first : second
                            #expect(try await service.post("/invoices", Self.body()).status == 201)
                        }
                        if round < 4 {
                            first.send(SIGKILL)
                            second.send(SIGKILL)
                        } else {
                            try await eventually { try await self.count("became_overdue", in: databases) == 40 }
                        }
                    }
                }
            }
            #expect(try await count("created", in: databases) == 40)
            #expect(try await count("became_overdue", in: databases) == 40)
            #expect(try await count("deadline_reached", in: databases) == 40)
        }

        @Test func `invoices of a database that had no process become overdue at the first start`() async throws {
            let databases = try await TestDatabases.make()
            let before = databases.environment.merging(["RELAY": "no"]) { $1 }
            try await InvoicesProgram.serving(environment: before) { service async throws in
                for _ in 0..<3 { #expect(try await service.post("/invoices", Self.body()).status == 201) }
                #expect(try await service.post("/invoices", Self.body(dueDate: "2099-01-31")).status == 201)
            }
            #expect(try await count("became_overdue", in: databases) == 0)
            let environment = databases.environment.merging(["REMINDERS": "7,14"]) { $1 }
            try await InvoicesProgram.serving(environment: environment) { _ in
                try await eventually { try await self.count("command_sent", in: databases) == 3 }
            }
            #expect(try await count("became_overdue", in: databases) == 3)
            #expect(try await count("reminder_requested", in: databases) == 0)
        }

        @Test func `without a queue the service mails that an invoice is overdue`() async throws {
            let databases = try await TestDatabases.make()
            try await MailReceiver.running { receiver, port in
                let environment = databases.environment.merging([
                    "NOTIFICATIONS": "smtp", "SMTP_URL": "smtp://localhost:\(port)",
                    "NOTIFICATION_EMAIL_TO": "books@example.com", "NOTIFICATION_EMAIL_FROM": "invoices@example.com",
                ]) { $1 }
                try await InvoicesProgram.serving(environment: environment) { service async throws in
                    #expect(try await service.post("/invoices", Self.body()).status == 201)
                    try await eventually { receiver.mails.count == 2 }
                }
                #expect(receiver.mails.contains { mail in mail.lines.contains { $0.contains("overdue") } })
            }
        }
    }
}

extension RunningInvoices {
    /// Whether the last thing that has happened to an invoice is that it became overdue.
    func isOverdueByEvent(_ path: String) async throws -> Bool {
        let events = try await get(path + "/events").json["data"] as? [[String: Any]]
        return events?.last?["type"] as? String == "invoices.invoice.became_overdue.v1"
    }
}
