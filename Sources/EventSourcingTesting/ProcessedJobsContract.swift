public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``ProcessedJobs`` has to keep, as clauses; see ``EventStoreContract``.
public enum ProcessedJobsContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (any ProcessedJobs, ProcessedJobID) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the store does otherwise.
        public func check(_ store: some ProcessedJobs) async throws {
            try await verify(store, ProcessedJobID(UUID.v7().text, by: "contract-\(UUID().uuidString)"))
        }
    }

    private struct Failed: Error {}

    private static let (long, short) = (Duration.seconds(600), Duration.milliseconds(20))

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = [
        Clause(promise: "a job is claimed by one attempt at a time") { store, job async throws in
            let first = UUID.v7()
            #expect(try await store.begin(job, by: first, for: long) == .new)
            #expect(try await store.begin(job, by: .v7(), for: long) == .inProgress)
            #expect(try await store.begin(job, by: first, for: long) == .new, "the same claim can be made again")
        },
        Clause(promise: "of many claims at once one is granted") { store, job in
            let outcomes = try await withThrowingTaskGroup(of: JobClaimOutcome.self) { group in
                for _ in 0..<20 { group.addTask { try await store.begin(job, by: .v7(), for: long) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .new } == 1)
            #expect(outcomes.count { $0 == .inProgress } == 19)
        },
        Clause(promise: "a completed job is done, also for the one who completed it") { store, job in
            let claim = UUID.v7()
            _ = try await store.begin(job, by: claim, for: short)
            #expect(try await store.complete(job, by: claim))
            #expect(try await store.complete(job, by: claim), "completing is repeatable")
            try await store.abandon(job, by: claim)
            try await Task.sleep(for: short * 2)
            #expect(try await store.begin(job, by: claim, for: long) == .done)
            #expect(try await store.begin(job, by: .v7(), for: long) == .done)
        },
        Clause(promise: "an expired claim goes to the next attempt, and its completion comes too late") { store, job in
            let (dead, next) = (UUID.v7(), UUID.v7())
            #expect(try await store.begin(job, by: dead, for: short) == .new)
            while try await store.begin(job, by: next, for: long) != .new {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await store.complete(job, by: dead) == false)
            try await store.abandon(job, by: dead)
            #expect(try await store.begin(job, by: .v7(), for: long) == .inProgress)
            #expect(try await store.complete(job, by: next))
        },
        Clause(promise: "an abandoned claim is free at once") { store, job in
            let claim = UUID.v7()
            _ = try await store.begin(job, by: claim, for: long)
            try await store.abandon(job, by: claim)
            #expect(try await store.complete(job, by: claim) == false)
            #expect(try await store.begin(job, by: .v7(), for: long) == .new)
        },
        Clause(promise: "each consumer processes a job once") { store, job in
            let other = ProcessedJobID(job.job, by: job.consumer + "2")
            for each in [job, other] {
                let isFirst = try await store.once(each) {}
                #expect(isFirst)
            }
            let again = try await store.once(job) { throw Failed() }
            #expect(!again)
        },
        Clause(promise: "work that fails is done by the next attempt") { store, job in
            await #expect(throws: Failed.self) { _ = try await store.once(job, claiming: long) { throw Failed() } }
            var effects = 0
            for _ in 0..<3 { _ = try await store.once(job, claiming: long) { effects += 1 } }
            #expect(effects == 1)
        },
        Clause(promise: "an attempt that comes too early is told so, and does nothing") { store, job in
            _ = try await store.begin(job, by: .v7(), for: long)
            await #expect(throws: JobInProgress(job)) {
                _ = try await store.once(job) { Issue.record("the work of another attempt was done") }
            }
        },
        Clause(promise: "what is old is forgotten, and nothing else") { store, job in
            let (live, dead, lasting) = (UUID.v7(), UUID.v7(), UUID.v7())
            func other(_ name: String) -> ProcessedJobID { ProcessedJobID("\(job.job)-\(name)", by: job.consumer) }
            _ = try await store.once(job) {}
            #expect(try await store.begin(other("dead"), by: dead, for: .zero) == .new)
            #expect(try await store.begin(other("live"), by: live, for: long) == .new)
            try await store.purge(olderThan: long)
            #expect(try await store.begin(job, by: .v7(), for: long) == .done)
            #expect(try await store.purge(olderThan: .zero) >= 2)
            #expect(try await store.begin(job, by: lasting, for: long) == .new)
            #expect(try await store.complete(other("dead"), by: dead) == false)
            #expect(try await store.complete(other("live"), by: live))
        },
    ]
}
