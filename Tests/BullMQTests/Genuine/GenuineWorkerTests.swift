import FoundationEssentials
import RedisTesting
import Testing

@testable import BullMQ

/// Our queue, a genuine worker.
@Suite(.timeLimit(.minutes(2))) struct GenuineWorkerTests {
    @Test(arguments: Genuine.generations)
    func `it runs our jobs in their order, with their data and options`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            let data = #"{"text":"Grüße, \"你好\"","list":[1,2.5,null,true]}"#
            let jobs = (1...20).map { index in
                BullMQJob(
                    id: "\(UUID().uuidString.lowercased())", name: "letter.sent", data: data,
                    options: options {
                        $0.attempts = 3
                        $0.backoff = BullMQBackoff(.exponential, .seconds(1))
                        $0.removeOnComplete = .age(.seconds(60))
                    })
            }
            #expect(try await queue.addBulk(jobs) == Array(repeating: .added, count: 20))
            let lines = try await genuine("work", "20", "{}")
            #expect(lines.attempts.map(\.ran) == jobs.map(\.id))
            let first = try #require(lines.attempts.first)
            #expect(first.name == "letter.sent" && first.attempt == 1)
            #expect(try json(first.data) == json(data))
            let opts = try JSONDecoder().decode(BullMQJobOptions.self, from: Data((first.opts ?? "").utf8))
            #expect(opts.attempts == 3 && opts.backoff == BullMQBackoff(.exponential, .seconds(1)))
            let counts = try await queue.counts()
            #expect(counts.completed == 20 && counts.unfinished == 0)
            #expect(try await queue.job(jobs[3].id)?.result == #"{"done":"\#(jobs[3].id)"}"#)
            // Known as long as it is kept: what a relay adds again after a crash does not run again.
            #expect(try await queue.addBulk(jobs) == Array(repeating: .duplicate, count: 20))
            #expect(try await queue.counts().unfinished == 0)
        }
    }

    @Test(arguments: Genuine.generations)
    func `it runs delayed, prioritised and first jobs when they are due, and repeats attempts that fail`(
        genuine: Genuine
    ) async throws {
        try await withGenuine(genuine) { queue, genuine in
            let before = Date().timeIntervalSince1970 * 1_000
            _ = try await queue.addBulk([
                BullMQJob("late", options: options { $0.delay = .milliseconds(2_500) }),
                BullMQJob("low", options: options { $0.priority = 9 }),
                BullMQJob("high", options: options { $0.priority = 1 }), BullMQJob("plain"),
                BullMQJob("first", options: options { $0.isFirst = true }),
                BullMQJob(
                    id: "fails", name: "send", data: #"{"fails":2}"#,
                    options: options {
                        $0.attempts = 3
                        $0.delay = .milliseconds(2_600)
                        $0.backoff = BullMQBackoff(.fixed, .milliseconds(400))
                    }),
            ])
            let lines = try await genuine("work", "8", "{}").attempts
            #expect(lines.map(\.ran) == ["first", "plain", "high", "low", "late", "fails", "fails", "fails"])
            #expect(try #require(lines[4].at) - before >= 2_490)
            #expect(try #require(lines[6].at) - #require(lines[5].at) >= 390)
            #expect(lines[7].attempt == 3)
            #expect(try await queue.counts().completed == 6)
        }
    }

    @Test(arguments: Genuine.generations)
    func `it waits while our side has paused the queue, and its pause holds for our worker`(
        genuine: Genuine
    ) async throws {
        try await withGenuine(genuine) { queue, genuine in
            _ = try await queue.addBulk([BullMQJob("a"), BullMQJob("b")])
            try await queue.pause()
            _ = try await queue.add(BullMQJob("c"))
            async let lines = genuine("work", "4", #"{"drainDelay":1}"#)
            try await eventually("its worker waits") {
                try await queue.client.send(RedisCommand("CLIENT", "LIST")).text?.contains("cmd=bzpopmin") == true
            }
            #expect(try await queue.counts().waiting == 3)
            try await queue.resume()
            _ = try await queue.add(BullMQJob("d"))
            let ran = try await lines.attempts.map(\.ran)
            #expect(ran == ["a", "b", "c", "d"])

            _ = try await queue.add(BullMQJob("e"))
            try await genuine("pause")
            #expect(try await queue.counts().isPaused)
            _ = try await queue.add(BullMQJob("f"))
            #expect(try await queue.counts().waiting == 2)
            try await genuine("resume")
            #expect(try await genuine("work", "2", "{}").attempts.map(\.ran) == ["e", "f"])
        }
    }

    @Test(arguments: Genuine.generations)
    func `it wakes up at once for a job of ours`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            async let lines = genuine("work", "5", #"{"drainDelay":5}"#)
            for number in 1...5 {
                try await eventually("its worker waits") {
                    try await queue.client.send(RedisCommand("CLIENT", "LIST")).text?.contains("cmd=bzpopmin") == true
                }
                let added = ContinuousClock.now
                _ = try await queue.add(BullMQJob("n\(number)"))
                try await eventually("it is done") { try await queue.counts().completed == number }
                #expect(ContinuousClock.now - added < .seconds(2))
            }
            let count = try await lines.attempts.count
            #expect(count == 5)
        }
    }

    @Test(arguments: Genuine.generations)
    func `it recovers a job of a worker of ours that is gone`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            _ = try await queue.add(BullMQJob("a"))
            try await takeAndDrop(queue)
            let lines = try await genuine("work", "1", #"{"stalledInterval":300,"drainDelay":1}"#)
            #expect(lines.attempts.map(\.ran) == ["a"])
            #expect(lines.contains { $0.did == "stalled" && $0.id == "a" })
            #expect(try await queue.job("a")?.state == .completed)
        }
    }

    @Test(arguments: Genuine.generations)
    func `its retry runs a job that failed with our worker`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            _ = try await queue.add(BullMQJob("a", options: options { $0.attempts = 2 }))
            try await BullMQWorker(of: queue, configuration: .impatient, logger: .silent) { _ in
                throw UnrecoverableJobError("no")
            }.running { try await eventually("it has failed") { try await queue.counts().failed == 1 } }
            try await genuine("retry", "a")
            #expect(try await queue.job("a")?.state == .waiting)
            #expect(try await genuine("work", "1", "{}").attempts.map(\.ran) == ["a"])
            #expect(try await queue.counts().completed == 1)
        }
    }

    private func json(_ text: String?) throws -> Letter {
        try JSONDecoder().decode(Letter.self, from: Data((text ?? "").utf8))
    }

    private struct Letter: Decodable, Equatable {
        let text: String
        let list: [Member]

        enum Member: Decodable, Equatable {
            case number(Double), bool(Bool), null

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if value.decodeNil() {
                    self = .null
                } else if let bool = try? value.decode(Bool.self) {
                    self = .bool(bool)
                } else {
                    self = .number(try value.decode(Double.self))
                }
            }
        }
    }
}
