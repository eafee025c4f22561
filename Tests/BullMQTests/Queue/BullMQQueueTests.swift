import RedisTesting
import Testing

@testable import BullMQ

@Suite(.timeLimit(.minutes(1))) struct BullMQQueueTests {
    @Test func `a job whose id is known changes nothing`() async throws {
        try await withQueue { queue, _ in
            let outcomes = try await queue.addBulk([BullMQJob("a"), BullMQJob("b"), BullMQJob("a")])
            #expect(outcomes == [.added, .added, .duplicate])
            #expect(try await queue.add(BullMQJob(id: "b", name: "other", data: "{}")) == .duplicate)
            #expect(try await queue.counts().waiting == 2)
            #expect(try await queue.job("b")?.name == "send")
        }
    }

    @Test func `thousands of jobs keep their order`() async throws {
        try await withQueue { queue, _ in
            let jobs = (0..<10_000).map { BullMQJob("job-\($0)") }
            #expect(try await queue.addBulk(jobs) == Array(repeating: .added, count: 10_000))
            let reply = try await queue.client.send(RedisCommand("LRANGE", "bull:letters:wait", 0, -1))
            #expect(reply.array?.compactMap(\.text) == jobs.map(\.id).reversed())
        }
    }

    @Test(arguments: [
        BullMQJob(""), BullMQJob("17"), BullMQJob("a:b"), BullMQJob(String(repeating: "x", count: 513)),
        BullMQJob(id: "a", name: "", data: "{}"), BullMQJob("a", options: options { $0.attempts = 0 }),
        BullMQJob("a", options: options { $0.priority = 2_097_153 }),
        BullMQJob("a", options: options { $0.delay = .seconds(-1) }),
        BullMQJob("a", options: options { $0.backoff = BullMQBackoff(.fixed, .seconds(1), jitter: 2) }),
        BullMQJob(id: "a", name: "a", data: Array(repeating: 32, count: 1_048_577)),
    ])
    func `a job that BullMQ could not handle is refused and the others are added`(job: BullMQJob) async throws {
        try await withQueue { queue, _ in
            let outcomes = try await queue.addBulk([BullMQJob("first"), job, BullMQJob("last")])
            guard case .refused(let reason) = outcomes[1] else {
                Issue.record("not refused")
                return
            }
            #expect(!reason.isEmpty && !reason.contains("\n"))
            #expect(outcomes[0] == .added && outcomes[2] == .added)
            #expect(try await queue.counts().waiting == 2)
        }
    }

    @Test func `names that would break keys are refused`() async throws {
        let client = try RedisClient(RedisConfiguration(url: RedisURL("redis://localhost")))
        for (name, prefix) in [("", "bull"), ("a:b", "bull"), ("a", "")] {
            #expect(throws: RedisError.self) { try BullMQQueue(name, prefix: prefix, client: client) }
        }
    }

    @Test func `jobs go where their options say`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.addBulk([
                BullMQJob("plain"), BullMQJob("late", options: options { $0.delay = .seconds(60) }),
                BullMQJob("ranked", options: options { $0.priority = 3 }),
                BullMQJob("first", options: options { $0.isFirst = true }),
            ])
            for (id, state) in [
                ("plain", BullMQJobRecord.State.waiting), ("late", .delayed), ("ranked", .prioritized),
                ("first", .waiting),
            ] {
                #expect(try await queue.job(id)?.state == state)
            }
            #expect(try await queue.job("none") == nil)
            let next = try await queue.client.send(RedisCommand("LINDEX", "bull:letters:wait", -1))
            #expect(next.text == "first")
        }
    }

    @Test func `pausing keeps the order of what waits and of what comes`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.addBulk([BullMQJob("a"), BullMQJob("b")])
            try await queue.pause()
            try await queue.pause()
            _ = try await queue.add(BullMQJob("c"))
            var counts = try await queue.counts()
            #expect(counts.isPaused && counts.waiting == 3)
            #expect(try await queue.job("c")?.state == .paused)
            try await queue.resume()
            counts = try await queue.counts()
            #expect(!counts.isPaused && counts.waiting == 3)
            let reply = try await queue.client.send(RedisCommand("LRANGE", "bull:letters:wait", 0, -1))
            #expect(reply.array?.compactMap(\.text) == ["c", "b", "a"])
        }
    }

    @Test func `a removed job leaves no key`() async throws {
        try await withQueue { queue, _ in
            for job in [
                BullMQJob("a"), BullMQJob("b", options: options { $0.delay = .seconds(9) }),
                BullMQJob("c", options: options { $0.priority = 1 }),
            ] {
                _ = try await queue.add(job)
                #expect(try await queue.remove(job.id))
                #expect(try await !queue.remove(job.id))
            }
            #expect(try await queue.counts().unfinished == 0)
            #expect(try await queue.client.send(RedisCommand("KEYS", "bull:letters:[abc]*")).array == [])
        }
    }

    @Test func `queues of several names and prefixes share a client`() async throws {
        try await withClient { client, _ in
            let queues = try [("a", "bull"), ("b", "bull"), ("a", "{other}")].map {
                try BullMQQueue($0.0, prefix: $0.1, client: client)
            }
            for queue in queues { #expect(try await queue.add(BullMQJob("x")) == .added) }
            for queue in queues { #expect(try await queue.counts().waiting == 1) }
        }
    }

    @Test func `jobs are divided into calls by number and by size`() {
        func sizes(_ jobs: [BullMQJob]) -> [[Int]] {
            AddCalls(Array(jobs.indices), of: jobs).map { $0.map(\.count) }
        }
        func jobs(_ count: Int, bytes: Int) -> [BullMQJob] {
            (0..<count).map { BullMQJob(id: "j\($0)", name: "n", data: Array(repeating: 32, count: bytes)) }
        }
        #expect(sizes([]) == [])
        #expect(sizes(jobs(130, bytes: 10)) == [[64, 64, 2]])
        #expect(sizes(jobs(3, bytes: 200_000)) == [[1, 1, 1]])
        #expect(sizes(jobs(3, bytes: 300_000)) == [[1, 1, 1]])
        #expect(sizes(jobs(5_000, bytes: 10)).map(\.count) == [64, 15])
    }

    @Test func `pauses between attempts`() {
        let exponential = BullMQBackoff(.exponential, .seconds(1), jitter: 0.5)
        #expect((1...4).map { exponential.pause(afterAttempt: $0, random: 0) } == [1_000, 2_000, 4_000, 8_000])
        #expect(exponential.pause(afterAttempt: 3, random: 1) == 2_000)
        #expect(BullMQBackoff(.fixed, .milliseconds(20)).pause(afterAttempt: 9, random: 0.7) == 20)
        #expect(BullMQBackoff(.exponential, .seconds(3_600)).pause(afterAttempt: 1_000, random: 0) > 0)
    }
}
