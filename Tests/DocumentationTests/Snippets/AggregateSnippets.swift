import EventSourcing
import EventSourcingTesting
import FoundationEssentials
import Testing

@Suite struct AggregateSnippets {
    @Test func `start: an account changes by decisions`() async throws {
        let store = InMemoryEventStore()
        let accounts = AggregateStore<Account>(store)

        let acme = try TenantID("acme")
        let category = try StreamCategory(context: "bank", aggregate: "account", schema: 1)
        let stream = try StreamName(category: category, tenant: acme, entityID: "4711")
        let context = MessageContext(tenant: acme, correlationID: "request-1", source: "bank", now: Date())

        _ = try await accounts.transact(stream, in: context) { try $0.deposit(100) }
        let account = try await accounts.transact(stream, in: context) { try $0.withdraw(30) }
        print(account.state.balance, account.position)  // 70 2

        #expect(account.state.balance == 70)
        #expect(account.revision == Revision(1))
        #expect(account.position == Position(2))
    }

    @Test func `testing: a decision is tested without a store`() {
        given(Account.self, [.deposited(Deposited(amount: 100))])
            .when { try $0.withdraw(30) }
            .then([.withdrawn(Withdrawn(amount: 30))])

        given(Account.self)
            .when { try $0.withdraw(1) }
            .thenThrows(AccountError.insufficientFunds(balance: 0))
    }

    @Test func `concepts: an expected revision refuses a change of what somebody else has changed`() async throws {
        let (accounts, stream, context) = try fixture()
        let seen = try await accounts.transact(stream, in: context) { try $0.deposit(100) }.revision
        _ = try await accounts.transact(stream, in: context) { try $0.withdraw(10) }

        await #expect(throws: WrongExpectedRevision.self) {
            try await accounts.transact(stream, in: context, expecting: ExpectedRevision(lastRead: seen)) {
                try $0.withdraw(30)
            }
        }
    }

    @Test func `concepts: a command that is sent twice has one effect`() async throws {
        let (accounts, stream, context) = try fixture()
        let command = try CommandKey(id: "deposit-17", requestHash: Array("100".utf8))
        for _ in 1...2 {
            let account = try await accounts.transact(stream, in: context, by: command) { try $0.deposit(100) }
            #expect(account.state.balance == 100)
        }
    }

    @Test func `concepts: a bus sends commands to what they depend on`() async throws {
        let (accounts, stream, context) = try fixture()
        let bus = CommandBus { context in Banking(accounts: accounts, context: context) }
        let balance = try await bus.send(Deposit(account: stream, amount: 50), in: context)
        #expect(balance == 50)
    }

    private func fixture() throws -> (AggregateStore<Account>, StreamName, MessageContext) {
        let acme = try TenantID("acme")
        let stream = try StreamName("bank.account.v1-acme-4711")
        let context = MessageContext(tenant: acme, correlationID: "request-1", source: "bank", now: Date())
        return (AggregateStore<Account>(InMemoryEventStore()), stream, context)
    }
}

struct Banking {
    let accounts: AggregateStore<Account>
    let context: MessageContext
}

struct Deposit: Command {
    static let name = "bank.account.deposit"
    let account: StreamName
    let amount: Int

    func execute(in banking: Banking) async throws -> Int {
        try await banking.accounts.transact(account, in: banking.context) { try $0.deposit(amount) }.state.balance
    }
}
