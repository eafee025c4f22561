public import EventSourcing
import FoundationEssentials
public import Testing

/// What every ``ProjectionTarget`` and its ``ProjectionAdministration`` have to keep, as clauses; see ``EventStoreContract``.
///
/// The target under test is made with ``ContractTotals``, and can be partitioned.
public enum ProjectionTargetContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (ProjectionTargetFixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the target does otherwise.
        ///
        /// - Parameters:
        ///   - target: has one partition, and has applied nothing yet.
        ///   - row: the row of a key as it is committed; nil when there is none.
        public func check(
            _ target: some ProjectionTarget, administration: some ProjectionAdministration,
            row: @escaping @Sendable (String) async throws -> Int64?
        ) async throws {
            let tenant = try TenantID("t\(UUID().uuidString.filter { $0 != "-" })")
            _ = try await target.layout()
            try await verify(
                ProjectionTargetFixture(target: target, administration: administration, row: row, tenant: tenant))
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses = checkpoints + rows + parking + partitions

    static let checkpoints: [Clause] = [
        Clause(promise: "a projection begins at the start of the log, and nothing of it is parked or paused") {
            fixture in
            let layout = try await fixture.target.layout()
            #expect(layout.partitions == fixture.one && layout.wanted == fixture.one && layout.positions == [.start])
            let state = try await fixture.target.load(0, of: fixture.one)
            #expect(state.checkpoint == .start && layout.versions == [state.version])
            #expect(state.parked.isEmpty && state.parkedStreams == 0 && !state.isPaused)
        },
        Clause(promise: "rows, checkpoint and version change together") { fixture in
            let event = try fixture.adding(3, at: 1, in: "a", revision: 0)
            let before = try await fixture.target.load(0, of: fixture.one)
            try await fixture.target.commit(
                fixture.commit([event], at: before.version) { $0 = fixture.jumping($0, to: before.version + 70) })
            let state = try await fixture.target.load(0, of: fixture.one)
            #expect(state.checkpoint == fixture.checkpoint(1, event.id) && state.version == before.version + 70)
            #expect(try await fixture.target.layout().positions == [Position(1)])
            #expect(try await fixture.total("a") == 3)
        },
        Clause(promise: "a checkpoint can move without an event that the projection wants") { fixture in
            let version = try await fixture.target.load(0, of: fixture.one).version
            try await fixture.target.commit(fixture.commit([], at: version, upTo: 50))
            #expect(try await fixture.target.layout().position == Position(50))
        },
        Clause(promise: "a commit at a version that the partition no longer has changes nothing") { fixture in
            let version = try await fixture.target.load(0, of: fixture.one).version
            let first = try fixture.adding(3, at: 1, in: "a", revision: 0)
            try await fixture.target.commit(fixture.commit([first], at: version))
            await #expect(throws: CheckpointMoved.self) {
                try await fixture.target.commit(
                    fixture.commit([try fixture.adding(4, at: 2, in: "a")], at: version) {
                        $0.parked = [ParkedEvent(first, reason: "late")]
                    })
            }
            #expect(try await fixture.total("a") == 3)
            #expect(try await fixture.target.layout().positions == [Position(1)])
            #expect(try await fixture.target.load(0, of: fixture.one).parked.isEmpty)
        },
        Clause(promise: "of many owners that commit at the same version exactly one succeeds") { fixture in
            let version = try await fixture.target.load(0, of: fixture.one).version
            let event = try fixture.adding(5, at: 1, in: "a", revision: 0)
            let successes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do { try await fixture.target.commit(fixture.commit([event], at: version)) } catch {
                            guard error is CheckpointMoved else { throw error }
                            return false
                        }
                        return true
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(successes == 1)
            #expect(try await fixture.total("a") == 5)
        },
        Clause(promise: "what was prepared ahead is what is committed") { fixture in
            let events = [
                try fixture.adding(1, at: 1, in: "a", revision: 0), try fixture.adding(2, at: 2, in: "b", revision: 0),
            ]
            let prepared = fixture.target.prepare(events)
            try await fixture.apply(events) { $0.prepared = prepared }
            #expect(try await [fixture.total("a"), fixture.total("b")] == [1, 2])
        },
        Clause(promise: "a stall is seen until the partition gets on again") { fixture in
            let stall = ProjectionStall(since: Date(timeIntervalSince1970: 1_800_000_000), reason: "no disk")
            try await fixture.target.note(stall, in: 0)
            #expect(try await fixture.status()?.partitions.map(\.stall) == [stall])
            try await fixture.target.note(nil, in: 0)
            #expect(try await fixture.status()?.partitions.map(\.stall) == [nil])
        },
        Clause(promise: "a paused projection says so to its owner, and goes on when it is resumed") { fixture in
            let before = try await fixture.target.load(0, of: fixture.one)
            try await fixture.administration.pause(fixture.name, reason: "maintenance")
            let paused = try await fixture.target.load(0, of: fixture.one)
            #expect(paused.isPaused && paused.version != before.version, "an owner has to notice it")
            #expect(try await fixture.status()?.pause?.reason == "maintenance")
            try await fixture.administration.resume(fixture.name)
            #expect(try await !fixture.target.load(0, of: fixture.one).isPaused)
            #expect(try await fixture.status()?.pause == nil)
        },
        Clause(promise: "an administrator's change of a projection that is not there is refused") { fixture in
            await #expect(throws: ProjectionNotFound("nobody")) {
                try await fixture.administration.pause("nobody", reason: "x")
            }
            await #expect(throws: ProjectionNotFound("nobody")) {
                try await fixture.administration.setPartitions(of: "nobody", to: Partitioning(2))
            }
        },
    ]
}

extension ProjectionTargetFixture {
    /// The same commit to another next version: versions need not follow each other.
    fileprivate func jumping(_ commit: ProjectionCommit, to version: Int64) -> ProjectionCommit {
        ProjectionCommit(
            partition: commit.partition, version: commit.version, nextVersion: version, checkpoint: commit.checkpoint,
            applied: commit.applied)
    }
}
