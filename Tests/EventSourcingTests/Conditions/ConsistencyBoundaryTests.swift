import AppendWorkload
import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConsistencyBoundaryTests {
    private let store = InMemoryEventStore()

    private func context(_ tenant: String = "core") throws -> MessageContext {
        MessageContext(
            tenant: try TenantID(tenant), correlationID: "test", source: "tests",
            now: Date(timeIntervalSince1970: 1_800_000_000))
    }

    @Test func `one e-mail address has one account`() async throws {
        let registrations = try Registrations.Book(store, in: context())
        try await registrations.register("ada@example.org", as: "1")
        await #expect(throws: EmailTaken.self) { try await registrations.register("Ada@Example.org", as: "2") }
        try await registrations.register("bob@example.org", as: "2")
        try await registrations.close("1", of: "ada@example.org")
        try await registrations.register("ada@example.org", as: "3")
        let log = try await store.readLog(after: nil, .forwards, limit: 10)
        #expect(log.map { String($0.stream.entityID) } == ["1", "2", "1", "3"])
    }

    @Test func `an address is not stored in a tag`() async throws {
        try await Registrations.Book(store, in: context()).register("ada@example.org", as: "1")
        let tags = try await store.tags(of: [Position(1)], in: TenantID("core"))
        let tag = try #require(tags[Position(1)]?.first?.rawValue)
        #expect(tag.hasPrefix("email:"))
        #expect(tag.utf8.count == "email:".utf8.count + 64)
        #expect(!tag.contains("ada"))
    }

    @Test func `many invoices share one budget`() async throws {
        let budget = try BudgetAccount(store, retries: 100, in: context())
        try await budget.grant(100)
        let paid = try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    do {
                        try await budget.pay("\(number)", 15)
                        return true
                    } catch is BudgetExceeded {
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(paid == 6)
        #expect(try await budget.left() == 10)
    }

    @Test func `a decision is taken again when another event came first, and not for ever`() async throws {
        for (interferences, retries, isPaid) in [(2, 2, true), (3, 2, false)] {
            let base = InMemoryEventStore()
            let others = try BudgetAccount(base, in: context())
            try await others.grant(1_000)
            let store = InterferedStore(base: base, others: others, count: interferences)
            let budget = try BudgetAccount(store, retries: retries, in: context())
            if isPaid {
                try await budget.pay("mine", 5)
            } else {
                await #expect(throws: AppendConditionFailed.self) { try await budget.pay("mine", 5) }
            }
            #expect(try await budget.left() == 1_000 - interferences - (isPaid ? 5 : 0))
        }
    }

    @Test func `an event that the query does not select is no conflict`() async throws {
        let base = InMemoryEventStore()
        let (ours, theirs) = (try BudgetAccount(base, in: context()), try BudgetAccount(base, in: context("other")))
        try await ours.grant(10)
        try await theirs.grant(10)
        let store = InterferedStore(base: base, others: theirs, count: 1)
        try await BudgetAccount(store, retries: 0, in: context()).pay("mine", 10)
        #expect(try await ours.left() == 0)
        #expect(try await theirs.left() == 9)
    }

    @Test func `a command that comes again is answered with its first outcome`() async throws {
        let budget = try BudgetAccount(store, in: context())
        try await budget.grant(10)
        let command = try CommandKey(id: "pay-1", requestHash: [1])
        let first = try await budget.pay("1", 10, by: command)
        // A second decision would refuse it.
        let again = try await budget.pay("1", 10, by: command)
        #expect(again.isRepetition)
        #expect(again.revisions == first.revisions)
        await #expect(throws: CommandIDReused.self) {
            try await budget.pay("2", 10, by: CommandKey(id: "pay-1", requestHash: [2]))
        }
        await #expect(throws: BudgetExceeded.self) { try await budget.pay("2", 10) }
    }

    @Test func `nothing is written when there is nothing to say, and nothing for another tenant`() async throws {
        let boundary = ConsistencyBoundary<Budget>(store)
        let outcome = try await boundary.transact(EventQuery(), in: context()) { _ in [] }
        #expect(outcome.position == .start)
        let stream = try StreamName("tests.budget.v1-other-1")
        await #expect(throws: TenantMismatch.self) {
            try await boundary.transact(EventQuery(), in: context()) { _ in [TaggedEvent(.granted(1), to: stream)] }
        }
        #expect(try await store.head() == .start)
    }

    @Test(arguments: ["", "with space", "ü", String(repeating: "a", count: 256)])
    func `a tag that breaks the rule is refused`(_ text: String) {
        #expect(throws: InvalidName.self) { try EventTag(text) }
    }
}

/// A store that pays another invoice just before an append, as often as it is told.
private struct InterferedStore: ForwardingEventStore {
    let base: InMemoryEventStore
    let others: BudgetAccount
    private let left: Counting

    init(base: InMemoryEventStore, others: BudgetAccount, count: Int) {
        self.base = base
        self.others = others
        left = Counting(from: count)
    }

    func append(_ append: Append) async throws -> AppendOutcome {
        if left.countDown() { try await others.pay(UUID().uuidString, 1) }
        return try await base.append(append)
    }
}
