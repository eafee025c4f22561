import BullMQ
import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ
import PostgresTesting
import RedisTesting
import SMTPTesting
import Testing

#if canImport(Glibc)
import Glibc
#endif

extension IntegrationTests {
    /// The program `invoices worker`.
    @Suite struct Worker {
        private static let arguments = ["worker", "--queue", "notification", "--concurrency", "4"]

        /// The events of invoices that were created through the API, each paid when it is asked for. The service itself
        /// tells nobody of them.
        private func events(in databases: TestDatabases, paying: Bool = false) async throws -> [RecordedEvent] {
            let environment = databases.environment.merging(["RELAY": "no"]) { $1 }
            try await InvoicesProgram.serving(environment: environment) { service in
                let invoice = try await service.create()
                if paying { _ = try await service.post("/invoices/\(invoice.id)/pay", "{}") }
            }
            return try await log(of: databases)
        }

        private func log(of databases: TestDatabases) async throws -> [RecordedEvent] {
            try await databases.eventStore.withClient { client in
                try await PostgresEventStore(client, appended: PositionSignal())
                    .readLog(after: .start, .forwards, limit: 100)
            }
        }

        private func withQueue<Answer>(
            on redis: TestRedis, _ body: (BullMQQueue) async throws -> Answer
        ) async throws -> Answer {
            let client = try RedisClient(RedisConfiguration(url: try RedisURL(redis.url)))
            let answer: Answer
            do { answer = try await body(try BullMQQueue("notification", client: client)) } catch {
                await client.close()
                throw error
            }
            await client.close()
            return answer
        }

        private func mailing(_ databases: TestDatabases, _ redis: TestRedis, port: Int) -> [String: String] {
            databases.environment.merging([
                "REDIS_URL": redis.url, "NOTIFICATIONS": "smtp", "SMTP_URL": "smtp://localhost:\(port)",
                "NOTIFICATION_EMAIL_TO": "books@example.com", "NOTIFICATION_LANGUAGE": "de",
                "NOTIFICATION_EMAIL_FROM": "Invoices <invoices@example.com>",
            ]) { $1 }
        }

        /// Waits for a condition.
        private func eventually(_ condition: () async throws -> Bool) async throws {
            while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
        }

        @Test func `it mails what has happened, once for each event, and ends on SIGTERM`() async throws {
            let databases = try await TestDatabases.make()
            let events = try await events(in: databases, paying: true)
            #expect(events.count == 2)
            try await TestRedis.running { redis in
                try await MailReceiver.running { receiver, port in
                    try await withQueue(on: redis) { queue in
                        // Each event twice, as a relay and somebody else could bring it.
                        for event in events {
                            _ = try await queue.add([Job(for: event)])
                            let copy = Job(id: "copy-\(event.id)", name: "copy", data: Job(for: event).data)
                            _ = try await queue.add([copy])
                        }
                        let ending = try await InvoicesProgram.run(
                            Self.arguments, environment: mailing(databases, redis, port: port), sending: SIGTERM
                        ) {
                            try await eventually { try await queue.counts().completed == 4 }
                        }
                        #expect(ending.exitCode == 0, "\(ending.output)")
                        #expect(
                            ending.output.contains { $0.contains("by mail to books@example.com through localhost") })
                        let subjects = receiver.mails.compactMap { $0.header("Message-ID") }
                        #expect(Set(subjects) == Set(events.map { "<\($0.id.text)@example.com>" }))
                        #expect(subjects.count == 2)
                        #expect(
                            receiver.mails.contains {
                                $0.lines.contains { $0.contains("INV-2026-") || $0.contains("INV-") }
                            })
                    }
                }
            }
        }

        @Test func `a mail that the relay puts off is sent later, one that it refuses fails for good`() async throws {
            let databases = try await TestDatabases.make()
            let events = try await events(in: databases)
            let event = try #require(events.first)
            try await TestRedis.running { redis in
                try await MailReceiver.running({ $0.replies["RCPT"] = "451 try later" }) { receiver, port in
                    try await withQueue(on: redis) { queue in
                        var job = Job(for: event)
                        job.options.backoff = .fixed(.milliseconds(50))
                        job.options.attempts = 1_000
                        _ = try await queue.add([job])
                        _ = try await InvoicesProgram.run(
                            Self.arguments, environment: mailing(databases, redis, port: port), sending: SIGTERM
                        ) {
                            try await eventually { receiver.commands.count { $0.hasPrefix("RCPT") } >= 2 }
                            receiver.change { $0.replies = [:] }
                            try await eventually { try await queue.counts().completed == 1 }
                        }
                        #expect(receiver.mails.count == 1)
                        receiver.change { $0.replies["RCPT"] = "550 no such user" }
                        let refused = try await self.events(in: databases).last
                        _ = try await queue.add([Job(for: try #require(refused), options: job.options)])
                        let ending = try await InvoicesProgram.run(
                            Self.arguments, environment: mailing(databases, redis, port: port), sending: SIGTERM
                        ) {
                            try await eventually { try await queue.counts().failed == 1 }
                        }
                        #expect(ending.exitCode == 0)
                        #expect(ending.output.contains { $0.contains("550 no such user") })
                        #expect(receiver.mails.count == 1)
                    }
                }
            }
        }

        @Test func `an invoice that is overdue is told by a job of its event`() async throws {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { service async throws in
                let body = #"{"customerId":"\#(UUID())","amount":1250,"dueDate":"2026-01-31"}"#
                let path = try #require(try await service.post("/invoices", body).headers["location"])
                try await eventually { try await service.isOverdueByEvent(path) }
            }
            let type = try EventType("invoices.invoice.became_overdue.v1")
            let event = try #require(try await log(of: databases).first { $0.type == type })
            try await databases.eventStore.withClient { client in
                try await client.withConnection { try await $0.script("truncate event_store.processed_jobs") }
            }
            try await TestRedis.running { redis in
                try await MailReceiver.running { receiver, port in
                    try await withQueue(on: redis) { queue in
                        _ = try await queue.add([Job(for: event)])
                        let ending = try await InvoicesProgram.run(
                            Self.arguments, environment: mailing(databases, redis, port: port), sending: SIGTERM
                        ) {
                            try await eventually { try await queue.counts().completed == 1 }
                        }
                        #expect(ending.exitCode == 0, "\(ending.output)")
                        let ids = receiver.mails.compactMap { $0.header("Message-ID") }
                        #expect(ids == ["<\(event.id.text)@example.com>"])
                        #expect(receiver.mails.last?.lines.contains { $0.contains("=C3=BCberf=C3=A4llig") } == true)
                    }
                }
            }
        }

        @Test func `without a queue the service mails by itself`() async throws {
            let databases = try await TestDatabases.make()
            try await MailReceiver.running { receiver, port in
                let environment = databases.environment.merging([
                    "NOTIFICATIONS": "smtp", "SMTP_URL": "smtp://localhost:\(port)",
                    "NOTIFICATION_EMAIL_TO": "books@example.com", "NOTIFICATION_EMAIL_FROM": "invoices@example.com",
                ]) { $1 }
                let ending = try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    try await eventually { receiver.mails.count == 1 }
                }
                #expect(ending.exitCode == 0)
                let event = try #require(try await log(of: databases).first)
                #expect(receiver.mails.first?.header("Message-ID") == "<\(event.id.text)@example.com>")
            }
        }

        @Test func `routes without the queue of notifications leave them to the service`() async throws {
            let databases = try await TestDatabases.make()
            try await TestRedis.running { redis in
                let environment = databases.environment.merging([
                    "REDIS_URL": redis.url, "OUTBOX_ROUTES": "books=*",
                ]) { $1 }
                let ending = try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    try await eventually {
                        try await databases.eventStore.withClient { client in
                            try await !client.query(
                                PostgresStatement(
                                    "select 1 from event_store.processed_jobs where completed_at is not null")
                            ).isEmpty
                        }
                    }
                }
                #expect(ending.output.contains { $0.contains("Notification") && $0.contains("INV-") })
            }
        }

        @Test func `without settings notifications go to the log`() async throws {
            let databases = try await TestDatabases.make()
            let events = try await events(in: databases)
            try await TestRedis.running { redis in
                try await withQueue(on: redis) { queue in
                    _ = try await queue.add(events.map { Job(for: $0) })
                    let ending = try await InvoicesProgram.run(
                        Self.arguments, environment: databases.environment.merging(["REDIS_URL": redis.url]) { $1 },
                        sending: SIGTERM
                    ) {
                        try await eventually { try await queue.counts().completed == 1 }
                    }
                    #expect(ending.exitCode == 0)
                    #expect(ending.output.contains { $0.contains("Notification") && $0.contains("INV-") })
                    #expect(ending.output.contains { $0.contains("notifications go to the log") })
                }
            }
        }

        // MARK: What is wrong is said in one line

        @Test func `without a Redis it says what to set`() async throws {
            try await withTemporaryFolder { folder in
                let databases = try await TestDatabases.make()
                let ending = try await InvoicesProgram.run(
                    Self.arguments, environment: databases.environment.merging(["DATA_DIRECTORY": folder]) { $1 })
                expectOneLine(ending, exitCode: 78, containing: "set REDIS_URL")
            }
        }

        @Test func `without the tables it says what to do`() async throws {
            let databases = try await TestDatabases.make()
            let ending = try await InvoicesProgram.run(
                Self.arguments,
                environment: databases.environment.merging([
                    "REDIS_URL": "redis://localhost:1", "LOG_LEVEL": "critical",
                ]) { $1 })
            expectOneLine(ending, exitCode: 65, containing: "run `invoices migrate`")
        }

        @Test(arguments: [
            (["REDIS_URL": "http://localhost"], "REDIS_URL"), (["NOTIFICATIONS": "pigeon"], "NOTIFICATIONS"),
            (["NOTIFICATIONS": "smtp"], "SMTP_URL and NOTIFICATION_EMAIL_TO and NOTIFICATION_EMAIL_FROM"),
            (["NOTIFICATIONS": "webhook"], "NOTIFICATION_WEBHOOK_URL"),
            (["SMTP_URL": "smtp://s3cret@host"], "SMTP_URL"),
            (["NOTIFICATION_EMAIL_TO": "nobody"], "NOTIFICATION_EMAIL_TO"),
            (["NOTIFICATION_LANGUAGE": "fr"], "NOTIFICATION_LANGUAGE"), (["EVENT_HANDLERS": "both"], "EVENT_HANDLERS"),
            (
                ["REDIS_URL": "rediss://localhost", "REDIS_SSL_ROOT_CERT": "/nowhere.pem"],
                "REDIS_SSL_ROOT_CERT: the certificates for Redis cannot be taken from the file \"/nowhere.pem\": there is no"
            ),
            (["NOTIFICATION_WEBHOOK_URL": "ftp://s3cret"], "NOTIFICATION_WEBHOOK_URL"),
        ])
        func `a wrong setting is named`(settings: [String: String], words: String) async throws {
            let ending = try await InvoicesProgram.run(Self.arguments, environment: settings)
            expectOneLine(ending, exitCode: 78, containing: words)
            #expect(!ending.output.joined().contains("s3cret"))
        }

        @Test(arguments: [
            ["worker"], ["worker", "--queue", "other"], ["worker", "--queue", "notification", "--concurrency", "0"],
        ])
        func `wrong use is told`(arguments: [String]) async throws {
            let ending = try await InvoicesProgram.run(arguments)
            #expect(ending.exitCode == 64)
        }
    }
}
