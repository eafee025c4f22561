public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``JobQueue`` has to keep, as clauses; see ``EventStoreContract``.
public enum JobQueueContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (Fixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the queue does otherwise.
        ///
        /// - Parameters:
        ///   - queue: is empty, and no worker takes jobs from it.
        ///   - waiting: the jobs that it hands to workers, in the order in which it does.
        public func check(
            _ queue: some JobQueue, waiting: @escaping @Sendable () async throws -> [Job]
        ) async throws {
            try await verify(Fixture(queue: queue, waiting: waiting))
        }
    }

    struct Fixture: Sendable {
        let queue: any JobQueue
        let waiting: @Sendable () async throws -> [Job]

        func job(_ id: String, _ data: String = #"{"n":1}"#) -> Job {
            Job(id: id, name: "contract.thing", data: EventPayload(bytes: Array(data.utf8)))
        }

        func jobs(_ count: Int) -> [Job] { (0..<count).map { job("job-\($0)") } }

        func waitingIDs() async throws -> [String] { try await waiting().map(\.id) }
    }

    /// What a job of the contract carries; queues may reformat its JSON.
    private struct Content: Codable, Hashable {
        let n: Int64
        var text: String?
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = [
        Clause(promise: "jobs are handed to workers in the order in which they were added") { fixture async throws in
            let jobs = fixture.jobs(20)
            #expect(try await fixture.queue.add(Array(jobs[..<7])) == Array(repeating: .added, count: 7))
            #expect(try await fixture.queue.add(Array(jobs[7...])) == Array(repeating: .added, count: 13))
            #expect(try await fixture.waitingIDs() == jobs.map(\.id))
        },
        Clause(promise: "a job arrives with the name and the data that it was added with") { fixture in
            let content = Content(n: .max, text: "ä € 𝄞 \"quoted\" \\ / \n")
            let job = Job(id: "0190a6e2-1", name: "catalog.price-alert", data: try EventPayload(encoding: content))
            _ = try await fixture.queue.add([job])
            let found = try #require(try await fixture.waiting().first)
            #expect(found.id == job.id && found.name == job.name)
            #expect(try found.data.decode(Content.self) == content)
        },
        Clause(promise: "a job whose id is known is a duplicate, in a call and between calls, and changes nothing") {
            fixture in
            let outcomes = try await fixture.queue.add([
                fixture.job("a", #"{"n":1}"#), fixture.job("b"), fixture.job("a", #"{"n":2}"#),
            ])
            #expect(outcomes == [.added, .added, .duplicate])
            #expect(
                try await fixture.queue.add([fixture.job("b", #"{"n":3}"#), fixture.job("c")]) == [.duplicate, .added])
            let found = try await fixture.waiting()
            #expect(found.map(\.id) == ["a", "b", "c"])
            #expect(try found.map { try $0.data.decode(Content.self).n } == [1, 1, 1])
        },
        Clause(promise: "adding the same jobs again after an answer that was lost is safe") { fixture in
            let jobs = fixture.jobs(5)
            _ = try await fixture.queue.add(Array(jobs[..<3]))
            #expect(try await fixture.queue.add(jobs) == [.duplicate, .duplicate, .duplicate, .added, .added])
            #expect(try await fixture.waitingIDs() == jobs.map(\.id))
        },
        Clause(promise: "of many who add the same job at once, the queue has it once") { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { _ = try await fixture.queue.add([fixture.job("same")]) } }
                try await group.waitForAll()
            }
            #expect(try await fixture.waitingIDs() == ["same"])
        },
        Clause(promise: "no jobs are no work") { fixture async throws in
            #expect(try await fixture.queue.add([]).isEmpty)
            #expect(try await fixture.waiting().isEmpty)
        },
        Clause(promise: "a thousand jobs go in one call, each with its outcome") { fixture in
            let jobs = fixture.jobs(1_000)
            _ = try await fixture.queue.add([jobs[500]])
            let outcomes = try await fixture.queue.add(jobs)
            #expect(outcomes.count == 1_000 && outcomes[500] == .duplicate)
            #expect(outcomes.count { $0 == .added } == 999)
            #expect(try await fixture.waiting().count == 1_000)
        },
        Clause(promise: "an id that a queue cannot have is refused with a reason, and the jobs beside it are added") {
            fixture in
            let wrong = ["a:b", "17", "", String(repeating: "x", count: 513)]
            let jobs = [fixture.job("first")] + wrong.map { fixture.job($0) } + [fixture.job("last")]
            let outcomes = try await fixture.queue.add(jobs)
            #expect(outcomes.first == .added && outcomes.last == .added && outcomes.count == 6)
            for outcome in outcomes.dropFirst().dropLast() {
                guard case .refused(let reason) = outcome else {
                    Issue.record("it is \(outcome)")
                    continue
                }
                #expect(!reason.isEmpty)
            }
            #expect(try await fixture.waitingIDs() == ["first", "last"])
        },
    ]
}
