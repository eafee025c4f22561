import RedisTesting
import Testing

@testable import BullMQ

/// A genuine queue, our worker.
@Suite(.timeLimit(.minutes(2))) struct GenuineQueueTests {
    private struct Failure: Error {}

    @Test(arguments: Genuine.generations)
    func `our worker runs its jobs, and its QueueEvents sees everything`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            try await genuine(
                "add",
                #"""
                [{"name":"send","data":{"text":"Grüße"},"opts":{"jobId":"a"}},
                 {"name":"send","data":"text","opts":{"jobId":"b","attempts":2,"backoff":{"type":"fixed","delay":100}}},
                 {"name":"send","data":{},"opts":{"jobId":"late","delay":300}},
                 {"name":"send","data":{},"opts":{"jobId":"low","priority":5}},
                 {"name":"send","data":{},"opts":{"jobId":"high","priority":1}},
                 {"name":"send","data":{},"opts":{"jobId":"hopeless","attempts":2}},
                 {"name":"send","data":{},"opts":{"jobId":"a"}}]
                """#)
            #expect(try await queue.add(BullMQJob("b")) == .duplicate)
            let ran = Recorder<ClaimedJob>()
            try await worker(queue) { job in
                ran.record(job)
                if job.id == "hopeless" || job.id == "b" && job.attempt == 1 { throw Failure() }
                return #"{"ok":true}"#
            }.running { try await eventually("all are done") { try await queue.counts().unfinished == 0 } }
            #expect(ran.all.filter { $0.id == "a" }.map(\.data.text).first?.contains("Gr") == true)
            #expect(ran.all.filter { $0.id == "b" }.map(\.attempt) == [1, 2])
            #expect(ran.all.first { $0.id == "b" }?.data.text == #""text""#)
            let order = ran.all.map(\.id)
            #expect(order.firstIndex(of: "high")! < order.firstIndex(of: "low")!)
            let counts = try await queue.counts()
            #expect(counts.completed == 5 && counts.failed == 1)
            #expect(try await genuine("counts").first?.counts?["completed"] == 5)

            let events = try await genuine("events")
            let seen = events.events
            #expect(seen["added"] == 6)
            #expect(seen["duplicated"] == 2)
            #expect(seen["active"] == 8)
            #expect(seen["completed"] == 5)
            #expect(seen["failed"] == 1)
            #expect(seen["retries-exhausted"] == 1)
            #expect(seen["delayed"] == 2)
            #expect(seen["drained", default: 0] >= 1)
            #expect(seen["waiting", default: 0] >= 7)
        }
    }

    @Test(arguments: Genuine.generations)
    func `its QueueEvents sees what our queue does`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            _ = try await queue.addBulk([BullMQJob("a"), BullMQJob("a"), BullMQJob("b")])
            _ = try await queue.add(BullMQJob("c", options: options { $0.delay = .seconds(60) }))
            try await queue.pause()
            try await queue.resume()
            _ = try await queue.remove("b")
            try await takeAndDrop(queue)
            try await worker(queue) { _ in nil }.running {
                try await eventually("it is recovered") { try await queue.counts().completed == 1 }
            }
            #expect(
                try await genuine("events").events == [
                    "added": 3, "waiting": 3, "duplicated": 1, "delayed": 1, "paused": 1, "resumed": 1, "removed": 1,
                    "active": 2, "stalled": 1, "completed": 1, "drained": 1,
                ])
        }
    }

    @Test(arguments: Genuine.generations)
    func `our worker recovers a job of its worker that was killed`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            _ = try await queue.add(BullMQJob(id: "a", name: "send", data: #"{"hangs":true}"#))
            try await genuine.running("work", "1", #"{"lockDuration":500}"#) {
                try await eventually("it runs") { try await queue.counts().active == 1 }
            }
            let ran = Recorder<ClaimedJob>()
            try await worker(queue) { job in
                ran.record(job)
                return nil
            }.running { try await eventually("it is done") { try await queue.counts().completed == 1 } }
            #expect(ran.all.map(\.id) == ["a"] && ran.all.map(\.stalls) == [1])
        }
    }

    @Test(arguments: Genuine.generations)
    func `workers of both sides share the jobs, and each runs once`(genuine: Genuine) async throws {
        try await withGenuine(genuine) { queue, genuine in
            let ran = Recorder<String>()
            try await worker(queue, concurrency: 2) { job in
                ran.record(job.id)
                try await Task.sleep(for: .milliseconds(20))
                return nil
            }.running {
                // It ends after 30 attempts; jobs are added as long as it runs. A job that it has claimed when it closes
                // is recovered when the lock has expired.
                let added = try await addJobs(queue) {
                    try await genuine("work", "30", #"{"concurrency":3,"lockDuration":1000}"#)
                }
                try await eventually("all are done") { try await queue.counts().completed == added.ids }
                let all = ran.all + added.lines.compactMap(\.ran)
                #expect(Set(all).count == all.count)
                #expect(all.count == added.ids)
                #expect(!ran.all.isEmpty)
            }
        }
    }

    /// Adds jobs while `body` runs.
    private func addJobs(
        _ queue: BullMQQueue, while body: () async throws -> [Genuine.Line]
    ) async throws -> (ids: Int, lines: [Genuine.Line]) {
        let ends = Recorder<Void>()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                var count = 0
                while ends.all.isEmpty {
                    _ = try await queue.addBulk((0..<5).map { BullMQJob("n\(count + $0)") })
                    count += 5
                    try await Task.sleep(for: .milliseconds(40))
                }
                return count
            }
            let lines = try await body()
            ends.record(())
            return (try await group.next() ?? 0, lines)
        }
    }

    private func worker(
        _ queue: BullMQQueue, concurrency: Int = 1, handler: @escaping BullMQWorker.Handler
    ) -> BullMQWorker {
        var configuration = BullMQWorkerConfiguration.impatient
        configuration.concurrency = concurrency
        return BullMQWorker(of: queue, configuration: configuration, logger: .silent, handler: handler)
    }
}
