import EventSourcing
import FoundationEssentials
public import Pipelines
public import Testing

/// What every ``DeadlineStore`` has to keep, as clauses; see ``EventStoreContract``.
public enum DeadlineStoreContract {
    /// One promise, and how it is checked.
    public struct Clause: Sendable, CustomTestStringConvertible {
        /// What is promised, as a sentence.
        public let promise: String
        let verify: @Sendable (Fixture) async throws -> Void

        /// The promise: how the test is shown.
        public var testDescription: String { promise }

        /// Records an issue for everything that the store does otherwise.
        public func check(_ store: some DeadlineStore) async throws { try await verify(Fixture(store: store)) }
    }

    /// A store, a process of its own, and times.
    struct Fixture: Sendable {
        let store: any DeadlineStore
        let process: StreamCategory
        let tenant: TenantID
        let now = Date(timeIntervalSince1970: 1_800_000_000)

        init(store: any DeadlineStore) throws {
            self.store = store
            let unique = UUID().text.filter { $0 != "-" }
            process = try StreamCategory(context: "contract", aggregate: "p\(unique)", schema: 1)
            tenant = try TenantID("t\(unique)")
        }

        func instance(_ id: String = "1", of tenant: TenantID? = nil) throws -> StreamName {
            try StreamName(category: process, tenant: tenant ?? self.tenant, entityID: id)
        }

        func deadline(_ name: String = "d", after seconds: TimeInterval) -> ProcessDeadline {
            ProcessDeadline(name, dueAt: now + seconds)
        }

        func schedule(
            _ deadlines: [ProcessDeadline], of id: String = "1", at revision: Int64 = 0
        ) async throws {
            try await store.schedule(deadlines, of: instance(id), at: Revision(revision))
        }

        /// Claims for a minute.
        func claim(after seconds: TimeInterval, limit: Int = 100) async throws -> [DueDeadline] {
            try await store.claimDue(
                of: process, tenant: tenant, at: now + seconds, limit: limit, until: now + seconds + 60)
        }

        func next() async throws -> TimeInterval? {
            try await store.nextDue(of: process, tenant: tenant)?.timeIntervalSince(now)
        }
    }

    /// All promises, each for a test of its own.
    public static let clauses: [Clause] = [
        Clause(promise: "what is due is claimed with its time, and what is not due is not") { fixture in
            try await fixture.schedule([fixture.deadline("a", after: 0.000_001), fixture.deadline("b", after: 10)])
            #expect(try await fixture.claim(after: 0).isEmpty)
            #expect(try await fixture.next().map { ($0 * 1_000_000).rounded() } == 1)
            let due = try await fixture.claim(after: 1)
            #expect(
                due == [DueDeadline(fixture.deadline("a", after: 0.000_001), of: try fixture.instance(), attempt: 1)])
        },
        Clause(promise: "the earliest come first, as many as are asked for") { fixture in
            for id in ["3", "1", "2"] { try await fixture.schedule([fixture.deadline(after: Double(id)!)], of: id) }
            var ids: [Substring] = []
            for _ in 0..<4 { ids += try await fixture.claim(after: 10, limit: 1).map(\.instance.entityID) }
            #expect(ids == ["1", "2", "3"])
        },
        Clause(promise: "a claimed deadline comes again when the claim expires, and counts its attempts") { fixture in
            try await fixture.schedule([fixture.deadline(after: 0)])
            #expect(try await fixture.claim(after: 0).map(\.attempt) == [1])
            #expect(try await fixture.next() == 60)
            #expect(try await fixture.claim(after: 59).isEmpty)
            #expect(try await fixture.claim(after: 60).map(\.attempt) == [2])
        },
        Clause(promise: "of many claims at once each deadline goes to one") { fixture in
            for id in 0..<20 { try await fixture.schedule([fixture.deadline(after: 0)], of: "\(id)") }
            let claimed = try await withThrowingTaskGroup(of: [DueDeadline].self) { group in
                for _ in 0..<10 { group.addTask { try await fixture.claim(after: 1, limit: 5) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let rest = try await fixture.claim(after: 1)
            #expect((claimed + rest).count == 20)
            #expect(Set((claimed + rest).map(\.instance)).count == 20)
        },
        Clause(promise: "the deadlines of an instance are replaced by later ones") { fixture in
            try await fixture.schedule([fixture.deadline("a", after: 1), fixture.deadline("b", after: 2)])
            try await fixture.schedule([fixture.deadline("c", after: 5)], of: "2")
            try await fixture.schedule([fixture.deadline("b", after: 3)], at: 1)
            #expect(try await fixture.claim(after: 2).isEmpty)
            #expect(try await fixture.claim(after: 4).map(\.deadline) == [fixture.deadline("b", after: 3)])
            try await fixture.schedule([], at: 2)
            #expect(try await fixture.claim(after: 100).map(\.deadline.name) == ["c"], "of another instance")
        },
        Clause(promise: "what is written late, of an earlier revision, changes nothing") { fixture in
            try await fixture.schedule([fixture.deadline("a", after: 1)], at: 5)
            try await fixture.schedule([fixture.deadline("a", after: 9)], at: 4)
            try await fixture.schedule([], at: 4)
            #expect(try await fixture.next() == 1)
            try await fixture.schedule([fixture.deadline("a", after: 7)], at: 5)
            #expect(try await fixture.next() == 7, "the same revision may be written again")
        },
        Clause(promise: "a claim outlives the writing of the same time, and ends with another time") { fixture in
            try await fixture.schedule([fixture.deadline(after: 0)])
            _ = try await fixture.claim(after: 0)
            try await fixture.schedule([fixture.deadline(after: 0)], at: 1)
            #expect(try await fixture.claim(after: 1).isEmpty)
            try await fixture.schedule([fixture.deadline(after: 1)], at: 2)
            #expect(try await fixture.claim(after: 1).map(\.attempt) == [1])
        },
        Clause(promise: "a claim that is ended comes again at its time, unless the deadline was moved") { fixture in
            try await fixture.schedule([fixture.deadline(after: 0)])
            let due = try #require(try await fixture.claim(after: 0).first)
            try await fixture.store.postpone(due, until: fixture.now + 5)
            #expect(try await fixture.next() == 5)
            #expect(try await fixture.claim(after: 4).isEmpty)
            #expect(try await fixture.claim(after: 5).map(\.attempt) == [2])
            try await fixture.schedule([fixture.deadline(after: 3)], at: 1)
            try await fixture.store.postpone(due, until: fixture.now + 100)
            #expect(try await fixture.next() == 3)
        },
        Clause(promise: "processes and tenants are apart") { fixture in
            let (other, process) = (try TenantID("other"), try StreamCategory("contract.other.v1"))
            try await fixture.store.schedule(
                [fixture.deadline(after: 1)], of: fixture.instance("9", of: other), at: .first)
            #expect(try await fixture.claim(after: 10).isEmpty)
            #expect(try await fixture.next() == nil)
            let (now, store) = (fixture.now, fixture.store)
            #expect(
                try await store.claimDue(of: process, tenant: nil, at: now + 10, limit: 1, until: now + 20).isEmpty)
            let all = try await store.claimDue(
                of: fixture.process, tenant: nil, at: now + 10, limit: 9, until: now + 20)
            #expect(all.map(\.instance.tenant) == [other], "without a tenant, those of all")
        },
    ]
}
