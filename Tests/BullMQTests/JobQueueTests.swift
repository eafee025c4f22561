import EventSourcing
import EventSourcingTesting
import Foundation
import Logging
import RedisTesting
import Testing

@testable import BullMQ
@testable import EventSourcingBullMQ

@Suite(.timeLimit(.minutes(1))) struct JobQueueTests {
    private struct Failure: CategorizedError {
        let category: ErrorCategory
    }

    @Test func `a job of a route arrives with its options`() async throws {
        try await withQueue { queue, _ in
            var options = JobOptions()
            options.attempts = 7
            options.backoff = .exponential(.seconds(2), jitter: 0.25)
            options.priority = 4
            options.keepsCompleted = .age(.seconds(3_600), count: 9)
            options.keepsFailed = .none
            let job = Job(
                id: "e1", name: "InvoicePaid", data: EventPayload(bytes: Array(#"{"a":1}"#.utf8)), options: options)
            let jobs: any JobQueue = queue
            #expect(try await jobs.add([job, job]) == [.added, .duplicate])
            let stored = try await queue.client.send(RedisCommand("HGET", "bull:letters:e1", "opts")).text
            #expect(
                stored == #"""
                    {"jobId":"e1","attempts":7,"backoff":{"type":"exponential","delay":2000,"jitter":0.25},"delay":0,"priority":4,"removeOnComplete":{"age":3600,"count":9},"removeOnFail":true}
                    """#)
            #expect(try await queue.job("e1")?.data.text == #"{"a":1}"#)
            let wrong = Job(id: "1", name: "x", data: EventPayload(bytes: []))
            guard case .refused = try await jobs.add([wrong])[0] else {
                Issue.record("not refused")
                return
            }
        }
    }

    @Test(arguments: JobQueueContract.clauses)
    func `a queue on Redis keeps the contract`(_ clause: JobQueueContract.Clause) async throws {
        try await withQueue { queue, _ in
            try await clause.check(queue) {
                // A worker takes from the right end of the list.
                let ids =
                    try await queue.client.send(RedisCommand("LRANGE", "bull:letters:wait", "0", "-1")).array ?? []
                var jobs: [Job] = []
                for id in ids.reversed().compactMap(\.text) {
                    guard let record = try await queue.job(id) else { continue }
                    jobs.append(Job(id: id, name: record.name, data: EventPayload(bytes: record.data)))
                }
                return jobs
            }
        }
    }

    @Test func `the default options keep completed jobs for a day, so that their ids stay known`() {
        #expect(BullMQJobOptions(JobOptions()).removeOnComplete == .age(.seconds(86_400)))
    }

    @Test func `a worker judges errors by their category`() async throws {
        try await withQueue { queue, _ in
            let categories: [String: ErrorCategory] = [
                "validation": .validation, "poison": .poison, "transient": .transient, "conflict": .conflict,
            ]
            let jobs: any JobQueue = queue
            var options = JobOptions()
            options.attempts = 2
            options.backoff = .none
            for name in categories.keys {
                _ = try await jobs.add([
                    Job(id: name, name: name, data: EventPayload(bytes: [123, 125]), options: options)
                ])
            }
            let attempts = Recorder<String>()
            try await JobWorker(of: queue, configuration: .impatient, logger: .silent) { job, attempt in
                attempts.record("\(job.name) \(attempt)")
                throw Failure(category: categories[job.id]!)
            }.running { try await eventually("all have failed") { try await queue.counts().failed == 4 } }
            #expect(
                attempts.all.sorted() == [
                    "conflict 1", "conflict 2", "poison 1", "transient 1", "transient 2", "validation 1",
                ])
        }
    }

    @Test func `after a fatal error the worker finishes what it has and stops, and others go on`() async throws {
        try await withQueue { queue, _ in
            let jobs: any JobQueue = queue
            var options = JobOptions()
            options.attempts = 2
            options.backoff = .none
            for id in ["slow", "fatal"] {
                _ = try await jobs.add([
                    Job(id: id, name: id, data: EventPayload(bytes: [123, 125]), options: options)
                ])
            }
            let (failed, fail) = AsyncStream<Never>.makeStream()
            var configuration = BullMQWorkerConfiguration.impatient
            configuration.concurrency = 2
            let stopping = JobWorker(of: queue, configuration: configuration, logger: .silent) { job, _ in
                guard job.id == "slow" else { throw Failure(category: .fatal) }
                for await _ in failed {}
            }
            let stopped = await #expect(throws: JobWorkerStopped.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await stopping.run() }
                    try await eventually("the attempt is recorded") { try await queue.counts().active == 1 }
                    fail.finish()
                    try await group.waitForAll()
                }
            }
            #expect(stopped?.queue == queue.name && stopped?.underlying is Failure)
            let counts = try await queue.counts()
            #expect(!counts.isPaused && counts.completed == 1 && counts.waiting == 1)

            let attempts = Recorder<String>()
            try await JobWorker(of: queue, configuration: .impatient, logger: .silent) { job, attempt in
                attempts.record("\(job.id) \(attempt)")
            }.running { try await eventually("it is done") { try await queue.counts().completed == 2 } }
            #expect(attempts.all == ["fatal 2"])
        }
    }

    @Test func `the job of an event runs in the context of the event`() async throws {
        try await withQueue { queue, _ in
            let metadata = EventMetadata(
                correlationID: "c-1", causationID: "c-0", caller: "192.0.2.7", source: "tests",
                occurredAt: Date(timeIntervalSince1970: 0))
            let event = RecordedEvent(
                position: Position(1), stream: try StreamName("tests.thing.v1-core-1"), revision: .first, id: UUID(),
                type: try EventType("tests.thing.happened.v1"), data: EventPayload(bytes: [123, 125]),
                metadata: try EventPayload(encoding: metadata), recordedAt: Date(timeIntervalSince1970: 0))
            let jobs: any JobQueue = queue
            _ = try await jobs.add([Job(for: event)])
            let contexts = Recorder<MessageContext?>()
            try await JobWorker(of: queue, configuration: .impatient, logger: .silent) { _, _ in
                contexts.record(MessageContext.current)
            }.running { try await eventually("it is done") { try await queue.counts().completed == 1 } }
            let context = try #require(contexts.all.first ?? nil)
            #expect(context.causationID == event.id.uuidString.lowercased() && context.correlationID == "c-1")
            #expect(context.caller == "192.0.2.7" && context.source == "letters")
        }
    }

    @Test(arguments: [(RedisError.Code.outOfMemory, ErrorCategory.transient), (.accessDenied, .fatal)])
    func `an error of Redis has a category`(code: RedisError.Code, category: ErrorCategory) {
        #expect(RedisError(code, "").category == category)
    }
}
