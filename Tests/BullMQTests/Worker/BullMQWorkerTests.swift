import Logging
import RedisTesting
import Testing

@testable import BullMQ

@Suite(.timeLimit(.minutes(1))) struct BullMQWorkerTests {
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    @Test func `it runs jobs in their order, those without a priority first`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.addBulk([
                BullMQJob("low", options: options { $0.priority = 9 }), BullMQJob("a"), BullMQJob("b"),
                BullMQJob("high", options: options { $0.priority = 1 }),
                BullMQJob("first", options: options { $0.isFirst = true }),
            ])
            let ran = Recorder<ClaimedJob>()
            try await worker(queue, configure: { $0.concurrency = 1 }) {
                ran.record($0)
                return nil
            }.running { try await eventually("all are done") { ran.all.count == 5 } }
            #expect(ran.all.map(\.id) == ["first", "a", "b", "high", "low"])
            #expect(ran.all[1].data.text == #"{"letter":"a"}"#)
            #expect(ran.all[1].name == "send" && ran.all[1].attempt == 1)
            #expect(try await queue.counts().completed == 5)
        }
    }

    @Test func `it wakes up when a job is added or due`() async throws {
        try await withQueue { queue, _ in
            let ran = Recorder<String>()
            let clock = ContinuousClock()
            try await worker(queue, configure: { $0.drainDelay = .seconds(30) }) {
                ran.record($0.id)
                return nil
            }.running {
                for id in ["a", "b"] {
                    _ = try await queue.add(BullMQJob(id))
                    try await eventually("it is done") { ran.all.last == id }
                }
                let added = clock.now
                _ = try await queue.add(BullMQJob("late", options: options { $0.delay = .milliseconds(300) }))
                try await eventually("it is done") { ran.all.last == "late" }
                #expect((.milliseconds(290)...).contains(clock.now - added))
            }
        }
    }

    @Test func `an attempt that fails is repeated after a pause, until there are none left`() async throws {
        try await withQueue { queue, _ in
            let (ran, events) = (Recorder<(Int, ContinuousClock.Instant)>(), Recorder<BullMQWorkerEvent>())
            _ = try await queue.add(
                BullMQJob(
                    "a",
                    options: options {
                        $0.attempts = 3
                        $0.backoff = BullMQBackoff(.exponential, .milliseconds(100))
                    }))
            try await worker(queue, onEvent: events.record) {
                ran.record(($0.attempt, .now))
                throw Failure(description: "no \"luck\"")
            }.running { try await eventually("it has failed") { try await queue.counts().failed == 1 } }
            #expect(ran.all.map(\.0) == [1, 2, 3])
            #expect(ran.all[1].1 - ran.all[0].1 >= .milliseconds(99))
            #expect(ran.all[2].1 - ran.all[1].1 >= .milliseconds(199))
            let job = try #require(try await queue.job("a"))
            #expect(job.state == .failed && job.attemptsMade == 3 && job.failedReason == "no \"luck\"")
            #expect(events.all.map(\.kind) == ["retrying", "retrying", "failed"])
        }
    }

    @Test func `an unrecoverable error fails the job at once, and a retry runs it once more`() async throws {
        try await withQueue { queue, _ in
            let ran = Recorder<Int>()
            _ = try await queue.add(BullMQJob("a", options: options { $0.attempts = 5 }))
            try await worker(queue) {
                ran.record($0.attempt)
                if ran.all.count == 1 { throw UnrecoverableJobError("never") }
                return #"{"sent":true}"#
            }.running {
                try await eventually("it has failed") { try await queue.counts().failed == 1 }
                #expect(try await queue.retry("a"))
                try await eventually("it is completed") { try await queue.counts().completed == 1 }
            }
            #expect(ran.all == [1, 2])
            #expect(try await queue.job("a")?.result == #"{"sent":true}"#)
            #expect(try await !queue.retry("a"))
        }
    }

    @Test func `finished jobs are kept as their options say`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.addBulk(
                (1...6).map { index in BullMQJob("n\(index)", options: options { $0.removeOnComplete = .count(2) }) }
                    + [BullMQJob("gone", options: options { $0.removeOnComplete = .none })])
            let ran = Recorder<String>()
            try await worker(queue, configure: { $0.concurrency = 1 }) {
                ran.record($0.id)
                return nil
            }.running { try await eventually("all are done") { try await queue.counts().unfinished == 0 } }
            #expect(try await queue.counts().completed == 2)
            #expect(try await queue.job("n6")?.state == .completed)
            #expect(try await queue.job("n4") == nil)
            #expect(try await queue.add(BullMQJob("n6")) == .duplicate)
            #expect(try await queue.add(BullMQJob("gone")) == .added)
        }
    }

    @Test func `a long job keeps its lock, and the graceful shutdown waits for it`() async throws {
        try await withQueue { queue, _ in
            let (ran, events) = (Recorder<String>(), Recorder<BullMQWorkerEvent>())
            _ = try await queue.add(BullMQJob("long"))
            let other = worker(queue) { job in
                ran.record("other \(job.id)")
                return nil
            }
            try await other.running {
                try await worker(queue, onEvent: events.record) { job in
                    ran.record(job.id)
                    try await Task.sleep(for: .milliseconds(1_300))
                    return nil
                }.running { try await eventually("it runs") { !ran.all.isEmpty } }
            }
            #expect(ran.all.count == 1)
            #expect(try await queue.counts().completed == 1)
        }
    }

    @Test func `a job whose worker is gone runs again, and fails when that happens too often`() async throws {
        try await withQueue { queue, _ in
            _ = try await queue.add(BullMQJob("a"))
            let ran = Recorder<ClaimedJob>()
            let events = Recorder<BullMQWorkerEvent>()
            try await takeAndDrop(queue)
            let worker = worker(queue, onEvent: events.record) {
                ran.record($0)
                return nil
            }
            try await worker.running { try await eventually("it is done") { try await queue.counts().completed == 1 } }
            #expect(ran.all.map(\.stalls) == [1])
            #expect(events.all.contains { $0.kind == "recovered" })

            _ = try await queue.add(BullMQJob("b"))
            for _ in 1...2 {
                try await takeAndDrop(queue)
                try await recover(queue)
            }
            try await worker.running { try await eventually("it has failed") { try await queue.counts().failed == 1 } }
            #expect(ran.all.count == 1)
            #expect(try await queue.job("b")?.failedReason == "job stalled more than allowable limit")
        }
    }

    @Test func `the result of an attempt whose lock is lost is not recorded`() async throws {
        try await withQueue { queue, _ in
            let (ran, events) = (Recorder<String>(), Recorder<BullMQWorkerEvent>())
            _ = try await queue.add(BullMQJob("a"))
            try await worker(queue, configure: { $0.stalledInterval = .seconds(60) }, onEvent: events.record) { job in
                ran.record(job.id)
                _ = try await queue.client.send(RedisCommand("SET", "bull:letters:a:lock", "another"))
                try await eventually("it has noticed") { events.all.contains { $0.kind == "lockLost" } }
                return "1"
            }.running { try await eventually("it runs") { !ran.all.isEmpty } }
            #expect(events.all.map(\.kind) == ["lockLost"])
            #expect(try await queue.job("a")?.state == .active)
        }
    }

    @Test func `no more jobs run at a time than the worker and the queue allow`() async throws {
        try await withQueue { queue, _ in
            let running = Recorder<Int>()
            _ = try await queue.addBulk((1...20).map { BullMQJob("n\($0)") })
            try await worker(queue, configure: { $0.concurrency = 4 }) { job in
                running.record(Int(try await queue.counts().active))
                return nil
            }.running { try await eventually("all are done") { try await queue.counts().completed == 20 } }
            #expect(running.all.allSatisfy { $0 <= 4 })

            _ = try await queue.client.send(RedisCommand("HSET", "bull:letters:meta", "concurrency", 1))
            _ = try await queue.addBulk((21...30).map { BullMQJob("n\($0)") })
            let single = Recorder<Int>()
            try await worker(queue, configure: { $0.concurrency = 4 }) { job in
                single.record(Int(try await queue.counts().active))
                return nil
            }.running { try await eventually("all are done") { try await queue.counts().completed == 30 } }
            #expect(single.all == Array(repeating: 1, count: 10))
        }
    }

    @Test func `the rate limit is kept`() async throws {
        try await withQueue { queue, _ in
            let ran = Recorder<ContinuousClock.Instant>()
            _ = try await queue.addBulk((1...6).map { BullMQJob("n\($0)") })
            try await worker(queue, configure: { $0.rateLimit = .init(jobs: 2, per: .milliseconds(300)) }) { _ in
                ran.record(.now)
                return nil
            }.running { try await eventually("all are done") { try await queue.counts().completed == 6 } }
            // Two periods, less the time from the first claim until the first job runs.
            #expect(ran.all[5] - ran.all[0] >= .milliseconds(400))
        }
    }

    @Test func `a paused queue hands out nothing`() async throws {
        try await withQueue { queue, _ in
            let ran = Recorder<String>()
            try await queue.pause()
            _ = try await queue.addBulk([
                BullMQJob("a"), BullMQJob("b", options: options { $0.priority = 1 }),
                BullMQJob("c", options: options { $0.delay = .milliseconds(1) }),
            ])
            try await worker(queue) {
                ran.record($0.id)
                return nil
            }.running {
                try await eventually("the delayed job waits") { try await queue.counts().delayed == 0 }
                #expect(ran.all.isEmpty)
                try await queue.resume()
                try await eventually("all are done") { ran.all.count == 3 }
            }
            #expect(try await queue.counts().completed == 3)
        }
    }

    @Test func `it survives a restart of Redis`() async throws {
        try await RedisFolder.withFolder { folder in
            try await withClient(of: "redis://127.0.0.1:\(folder.port)") { client in
                let queue = try BullMQQueue("letters", client: client)
                let (ran, events) = (Recorder<String>(), Recorder<BullMQWorkerEvent>())
                let durable = ["--appendonly", "yes", "--appendfsync", "always"]
                let gate = Recorder<Void>()
                try await worker(queue, configure: { $0.lockDuration = .seconds(30) }, onEvent: events.record) { job in
                    ran.record(job.id)
                    try await eventually("the server is gone") { job.id != "a" || !gate.all.isEmpty }
                    return nil
                }.running {
                    try await folder.running(durable) { server in
                        _ = try await queue.add(BullMQJob("a"))
                        try await eventually("it runs") { ran.all == ["a"] }
                        server.kill()
                    }
                    gate.record(())
                    try await eventually("it is noticed") { events.all.contains { $0.kind == "unavailable" } }
                    try await folder.running(durable) { _ in
                        try await eventually("the result is recorded") { try await queue.counts().completed == 1 }
                        _ = try await queue.add(BullMQJob("b"))
                        try await eventually("the next one runs") { try await queue.counts().completed == 2 }
                    }
                }
                #expect(ran.all == ["a", "b"])
            }
        }
    }

    @Test func `a refused sign-in ends the worker`() async throws {
        try await RedisServer.running(["--requirepass", "pw"]) { server in
            try await withClient(of: server.url) { client in
                let worker = worker(try BullMQQueue("letters", client: client)) { _ in nil }
                let error = await #expect(throws: RedisError.self) { try await worker.run() }
                #expect(error?.code == .accessDenied)
            }
        }
    }

    private func worker(
        _ queue: BullMQQueue, configure: (inout BullMQWorkerConfiguration) -> Void = { _ in },
        onEvent: @escaping @Sendable (BullMQWorkerEvent) -> Void = { _ in }, handler: @escaping BullMQWorker.Handler
    ) -> BullMQWorker {
        var configuration = BullMQWorkerConfiguration.impatient
        configure(&configuration)
        return BullMQWorker(
            of: queue, configuration: configuration, logger: .silent, onEvent: onEvent, handler: handler)
    }
}

/// Takes a job as a worker does that dies then: its lock expires soon.
func takeAndDrop(_ queue: BullMQQueue) async throws {
    let reply = try await queue.call(
        BullMQScript.claimJobs, RedisArgument(queue.now()), "dead", 1, "", 1, 0, 0)
    let claim = try Claim(reply, token: "dead")
    guard claim.jobs.count == 1 else { throw RedisError(.rejected, "no job to take") }
}

/// Two checks of stalled jobs, after the lock is gone.
private func recover(_ queue: BullMQQueue) async throws {
    try await eventually("it waits again") {
        let reply = try await queue.call(BullMQScript.recoverStalled, RedisArgument(queue.now()), 1, 1)
        return reply.array?.isEmpty == false
    }
}

extension BullMQWorkerEvent {
    var kind: String {
        switch self {
        case .completed: "completed"
        case .retrying: "retrying"
        case .failed: "failed"
        case .lockLost: "lockLost"
        case .notRecorded: "notRecorded"
        case .recovered: "recovered"
        case .unavailable: "unavailable"
        }
    }
}
