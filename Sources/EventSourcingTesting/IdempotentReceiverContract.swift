public import EventSourcing
import FoundationEssentials
public import Testing

/// What a receiver of jobs has to keep that has each effect once however often a job is delivered, as clauses; see
/// ``EventStoreContract``. What stores the jobs that were processed is checked by ``ProcessedJobsContract``.
public enum IdempotentReceiverContract {
    /// Delivers a job to the receiver under test.
    ///
    /// The receiver has its effect, then calls `fail`, and lets what that throws end the attempt. It throws
    /// ``JobInProgress`` when another attempt is at work.
    public typealias Receive =
        @Sendable (_ job: ProcessedJobID, _ fail: @Sendable () throws -> Void) async throws -> Void

    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (Fixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the receiver does otherwise.
        ///
        /// - Parameter effects: how many effects the job has had that were not undone.
        public func check(
            receiving receive: @escaping Receive, effects: @escaping @Sendable (ProcessedJobID) async throws -> Int
        ) async throws {
            try await verify(
                Fixture(
                    job: ProcessedJobID(UUID.v7().text, by: "contract-\(UUID())"), receive: receive, effects: effects))
        }
    }

    struct Fixture: Sendable {
        let job: ProcessedJobID
        let receive: Receive
        let effects: @Sendable (ProcessedJobID) async throws -> Int

        /// Delivers the job as a queue does: again while another attempt is at work.
        func deliver(_ job: ProcessedJobID) async throws {
            while true {
                do { return try await receive(job) {} } catch is JobInProgress { await Task.yield() }
            }
        }
    }

    private struct Failed: Error {}

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = [
        Clause(promise: "a job that is delivered again has its effect once") { fixture in
            for _ in 0..<3 { try await fixture.receive(fixture.job) {} }
            #expect(try await fixture.effects(fixture.job) == 1)
        },
        Clause(promise: "of deliveries at once one has the effect") { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { try await fixture.deliver(fixture.job) } }
                try await group.waitForAll()
            }
            #expect(try await fixture.effects(fixture.job) == 1)
        },
        Clause(promise: "an attempt that fails is no processing: the next one does it") { fixture in
            let before = try await fixture.effects(fixture.job)
            await #expect(throws: Failed.self) { try await fixture.receive(fixture.job) { throw Failed() } }
            let failed = try await fixture.effects(fixture.job)
            try await fixture.receive(fixture.job) {}
            try await fixture.receive(fixture.job) {}
            // An effect outside of the transaction stays although its attempt has failed.
            #expect(before == 0 && failed <= 1)
            #expect(try await fixture.effects(fixture.job) == failed + 1)
        },
        Clause(promise: "another job, and the job of another consumer, have effects of their own") { fixture in
            let others = [
                ProcessedJobID("\(fixture.job.job)-2", by: fixture.job.consumer),
                ProcessedJobID(fixture.job.job, by: "\(fixture.job.consumer)-2"),
            ]
            for job in [fixture.job] + others { try await fixture.receive(job) {} }
            for job in [fixture.job] + others { #expect(try await fixture.effects(job) == 1) }
        },
    ]
}
