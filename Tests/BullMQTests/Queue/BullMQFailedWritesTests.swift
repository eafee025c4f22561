import RedisTesting
import Testing

@testable import BullMQ

/// A key of the wrong type makes a write in the middle of a script fail, as one that a user may not write to does.
@Suite(.timeLimit(.minutes(1))) struct BullMQFailedWritesTests {
    @Test func `a job that could be added in part only can be added again`() async throws {
        try await withQueue { queue, _ in
            try await queue.failing(at: "wait") { _ = try await queue.add(BullMQJob("a")) }
            #expect(try await queue.job("a") == nil)
            #expect(try await queue.add(BullMQJob("a")) == .added)
        }
    }

    @Test func `a delayed job that cannot be made to wait stays delayed`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.add(BullMQJob("a", options: options { $0.delay = .seconds(60) }))
            try await queue.failing(at: "wait") { _ = try await queue.claim(after: 60_000) }
            #expect(try await queue.job("a")?.state == .delayed)
            #expect(try await queue.claim(after: 60_000) == ["a"])
        }
    }

    @Test func `a job with a priority that cannot be made active stays where it was`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.addBulk(
                ["a", "b"].map { BullMQJob($0, options: options { $0.priority = 3 }) })
            try await queue.failing(at: "active") { _ = try await queue.claim() }
            #expect(try await queue.job("a")?.state == .prioritized)
            #expect(try await queue.claim() == ["a"])
        }
    }

    @Test(arguments: ["completed", "failed"])
    func `a job whose end cannot be recorded is recovered and runs again`(outcome: RedisArgument) async throws {
        try await withQueue { queue, _ in
            _ = try await queue.add(BullMQJob("a"))
            #expect(try await queue.claim() == ["a"])
            try await queue.failing(at: outcome.text) { try await queue.finish("a", outcome) }
            #expect(try await queue.job("a")?.state == .active)
            #expect(try await queue.recover() == [])
            #expect(try await queue.recover() == ["a"])
            #expect(try await queue.claim() == ["a"])
            try await queue.finish("a", outcome)
            #expect(try await queue.job("a")?.state.rawValue == outcome.text)
            #expect(try await queue.job("a")?.attemptsMade == 1)
        }
    }

    @Test func `a job whose end cannot be announced has ended`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.add(BullMQJob("a"))
            #expect(try await queue.claim() == ["a"])
            _ = try await queue.client.send(RedisCommand("DEL", "bull:letters:events"))
            try await queue.failing(at: "events") { try await queue.finish("a", "completed") }
            #expect(try await queue.job("a")?.state == .completed)
        }
    }

    @Test(arguments: [("wait", 0), ("delayed", 1_000)])
    func `a job that cannot be put back for its next attempt is recovered`(key: String, pause: Int) async throws {
        try await withQueue { queue, _ in
            _ = try await queue.add(BullMQJob("a"))
            #expect(try await queue.claim() == ["a"])
            try await queue.failing(at: key) {
                _ = try await queue.call(
                    BullMQScript.retryJob, "a", "token", RedisArgument(queue.now()), RedisArgument(pause), "why", "[]",
                    "0")
            }
            #expect(try await queue.job("a")?.state == .active)
            #expect(try await queue.recover() == [])
            try await queue.failing(at: "wait") { _ = try await queue.recover() }
            #expect(try await queue.job("a")?.state == .active)
            #expect(try await queue.recover() == ["a"])
            #expect(try await queue.claim() == ["a"])
        }
    }

    @Test func `a failed job that cannot be made to wait is still failed`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.add(BullMQJob("a"))
            #expect(try await queue.claim() == ["a"])
            try await queue.finish("a", "failed")
            try await queue.failing(at: "wait") { _ = try await queue.retry("a") }
            #expect(try await queue.job("a")?.state == .failed)
            #expect(try await queue.job("a")?.failedReason == "why")
            #expect(try await queue.retry("a"))
            #expect(try await queue.claim() == ["a"])
        }
    }

    @Test func `the jobs of a paused queue that cannot be moved are moved later`() async throws {
        try await withQueue { queue, _ in
            try await queue.pause()
            _ = try await queue.addBulk([BullMQJob("a"), BullMQJob("b")])
            try await queue.failing(at: "wait") { try await queue.resume() }
            #expect(try await queue.counts().waiting == 2)
            try await queue.resume()
            #expect(try await queue.claim() == ["a"])
        }
    }
}

extension BullMQQueue {
    /// Runs `body`, which has to fail, while the key is text instead of what the queue needs.
    fileprivate func failing(at key: String, _ body: () async throws -> Void) async throws {
        let key = RedisArgument(base + key)
        _ = try await client.send(RedisCommand("SET", key, "text"))
        let error = await #expect(throws: RedisError.self) { try await body() }
        #expect(error?.message.contains("WRONGTYPE") == true, "\(error?.message ?? "")")
        _ = try await client.send(RedisCommand("DEL", key))
    }

    /// Takes one job as a worker does, and returns its id.
    fileprivate func claim(after milliseconds: Int64 = 0) async throws -> [String] {
        let reply = try await call(
            BullMQScript.claimJobs, RedisArgument(now() + milliseconds), "token", "10000", "worker", "1", "0", "0")
        return try Claim(reply, token: "token").jobs.map(\.id)
    }

    fileprivate func finish(_ id: String, _ outcome: RedisArgument) async throws {
        let reply = try await call(
            BullMQScript.finishJob, RedisArgument(id), "token", RedisArgument(now()), outcome, "why", "[]", "-1", "-1",
            "0")
        #expect(reply.integer == 0)
    }

    /// Looks for jobs without a lock, as workers do now and then.
    fileprivate func recover() async throws -> [String] {
        _ = try await client.send(RedisCommand("DEL", "bull:letters:stalled-check", "bull:letters:a:lock"))
        let reply = try await call(BullMQScript.recoverStalled, RedisArgument(now()), "10000", "5")
        if reply.array == nil { throw RedisError.unexpectedReply(to: "RecoverStalled") }
        return (reply.array ?? []).compactMap(\.text)
    }
}
