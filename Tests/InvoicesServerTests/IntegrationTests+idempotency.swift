import EmbeddedPostgres
import Foundation
import LibPQ
import PostgresTesting
import Synchronization
import Testing

extension IntegrationTests {
    /// A write with an `Idempotency-Key` is carried out once, whatever happens to those who carry it out.
    @Suite struct Idempotency {
        private static let key = ["Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"]
        private static let body = #"{"customerId":"0190a1b2-0000-7000-8000-00000000c001","amount":1250}"#
        private static let batchKey = ["Idempotency-Key": "a-batch"]
        /// Twenty good invoices and a wrong one.
        private static let batch =
            #"{"invoices":["# + (Array(repeating: body, count: 20) + ["{}"]).joined(separator: ",") + "]}"

        @Test func `a write whose process is killed between commit and answer is answered when it comes again`()
            async throws
        {
            try await withTemporaryFolder { folder in
                try await RestartableCluster.running(in: "\(folder)/e") { eventStore in
                    try await RestartableCluster.running(in: "\(folder)/r") { readDatabase in
                        let databases = try await TestDatabases(
                            eventStore: .make(in: eventStore.cluster), readDatabase: .make(in: readDatabase.cluster))
                        try await killedBeforeItAnswers(databases, readDatabase)
                    }
                }
            }
        }

        private func killedBeforeItAnswers(
            _ databases: TestDatabases, _ readDatabase: RestartableCluster
        ) async throws {
            let invoice = Mutex("")
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let path = try await "/invoices/\(service.create().id)"
                invoice.withLock { $0 = path }
                try await readDatabase.stop()
                // The writes are stored, and wait for reads to show them.
                async let lost = try? service.post(path + "/pay", headers: Self.key)
                async let lostBatch = try? service.post("/invoices/batch", Self.batch, headers: Self.batchKey)
                while try await databases.events() < 2 + 20 { try await Task.sleep(for: .milliseconds(2)) }
                service.send(SIGKILL)
                #expect(await lost == nil)
                #expect(await lostBatch == nil)
            }
            try await readDatabase.start()
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let path = invoice.withLock(\.self)
                let answer = try await service.post(path + "/pay", headers: Self.key)
                #expect(answer.status == 200)
                #expect(answer.headers["idempotency-replayed"] == "true")
                #expect(answer.headers["etag"] == #""1""#)
                #expect(try answer.json["paymentStatus"] as? String == "paid")
                #expect(try await service.get(path).body == answer.body)
                #expect(try await service.post(path + "/pay").status == 409)
                #expect(try await service.post(path + "/pay", #"{"method": "card"}"#, headers: Self.key).status == 422)

                let outcomes = try await service.post("/invoices/batch", Self.batch, headers: Self.batchKey)
                #expect(outcomes.status == 200)
                #expect(outcomes.headers["idempotency-replayed"] == "true")
                #expect(try outcomes.json["created"] as? Int == 20)
                #expect(try outcomes.json["refused"] as? Int == 1)
                let list = try await service.get("/invoices?limit=50&total=true").json
                #expect(list["total"] as? Int == 21)
            }
            #expect(try await databases.events() == 2 + 20)
        }

        @Test func `a restart forgets nothing`() async throws {
            let databases = try await TestDatabases.make()
            let answers = Mutex<[Data]>([])
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let created = try await service.post("/invoices", Self.body, headers: Self.key)
                let path = try #require(created.headers["location"])
                #expect(try await service.post(path + "/pay").status == 200)
                let refused = try await service.post(path + "/pay", headers: ["Idempotency-Key": "again"])
                #expect(refused.status == 409)
                answers.withLock { $0 = [created.body, refused.body, Data(path.utf8)] }
            }
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let (created, refused, path) = answers.withLock {
                    ($0[0], $0[1], String(decoding: $0[2], as: UTF8.self))
                }
                let again = try await service.post("/invoices", Self.body, headers: Self.key)
                #expect(again.status == 201)
                #expect(again.body == created)
                #expect(again.headers["location"] == path)
                let refusedAgain = try await service.post(path + "/pay", headers: ["Idempotency-Key": "again"])
                #expect(refusedAgain.status == 409)
                #expect(refusedAgain.headers["idempotency-replayed"] == "true")
                #expect(refusedAgain.body == refused)
            }
            #expect(try await databases.events() == 2)
        }

        @Test func `of two processes that are asked at once, one carries it out`() async throws {
            let databases = try await TestDatabases.make()
            try await InvoicesProgram.serving(environment: databases.environment) { one in
                try await InvoicesProgram.serving(environment: databases.environment) { two in
                    for number in 0..<20 {
                        async let here = one.post("/invoices", Self.body, headers: ["Idempotency-Key": "k\(number)"])
                        async let there = two.post("/invoices", Self.body, headers: ["Idempotency-Key": "k\(number)"])
                        let answers = try await [here, there]
                        #expect(answers.allSatisfy { $0.status == 201 })
                        #expect(answers.count { $0.headers["idempotency-replayed"] != nil } == 1)
                        #expect(answers[0].body == answers[1].body)
                        #expect(answers[0].headers["location"] == answers[1].headers["location"])
                    }
                }
            }
            #expect(try await databases.events() == 20)
        }

        @Test func `what is sent until it is answered is done once, though the server is killed again and again`()
            async throws
        {
            let databases = try await TestDatabases.make()
            let answered = Answered()
            let keys = (0..<200).map { "key-\($0)" }
            for kills in [true, true, true, false] {
                try await InvoicesProgram.serving(environment: databases.environment) { service in
                    let before = answered.count
                    try await withThrowingTaskGroup { group in
                        for worker in 0..<8 {
                            group.addTask {
                                for number in stride(from: worker, to: keys.count, by: 8) {
                                    let headers = ["Idempotency-Key": keys[number]]
                                    // None comes from a server that was killed.
                                    guard let answer = try? await service.post("/invoices", Self.body, headers: headers)
                                    else { return }
                                    #expect(answer.status == 201)
                                    #expect(answer.body == answered.first(answer.body, to: keys[number]))
                                }
                            }
                        }
                        if kills {
                            group.addTask {
                                while answered.count < before + 40 {
                                    try await Task.sleep(for: .milliseconds(1))
                                }
                                service.send(SIGKILL)
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
            #expect(answered.count == keys.count)
            #expect(try await databases.events() == Int64(keys.count))
        }
    }
}

/// What the service has answered first to each key.
private final class Answered: Sendable {
    private let bodies = Mutex<[String: Data]>([:])

    var count: Int { bodies.withLock(\.count) }

    /// The first answer to the key, which is this one if there was none.
    func first(_ body: Data, to key: String) -> Data {
        bodies.withLock { bodies in
            let first = bodies[key] ?? body
            bodies[key] = first
            return first
        }
    }
}

extension TestDatabases {
    /// How many events there are: two of each invoice, which is issued at once, and those of its payments.
    fileprivate func events() async throws -> Int64 {
        try await eventStore.withClient { client in
            let rows = try await client.query(PostgresStatement("select count(*) from event_store.events"))
            return try rows[0].decode(Int64.self)
        }
    }
}
