import EventSourcing
import EventSourcingTesting
import Foundation
import Pipelines
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct LoansTests {
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private var later: Date { noon + 14 * 86_400 }
    private var lent: LoanEvent { .lent(BookLent(book: "Emil", member: "Pia", dueAt: later)) }

    @Test func `a book is lent once, and renewed only while it is not overdue`() {
        given(Loan.self).when { try $0.lend("Emil", to: "Pia", until: later) }.then([lent])
        given(Loan.self, [lent]).when { try $0.lend("Emil", to: "Max", until: later) }.thenThrows(LoanRefusal.exists)
        given(Loan.self, [lent]).when { try $0.renew(until: later + 1) }
            .then([.renewed(LoanRenewed(dueAt: later + 1))])
        given(Loan.self, [lent, .fallenDue(LoanFallenDue(dueAt: later))]).when { try $0.renew(until: later + 1) }
            .thenThrows(LoanRefusal.overdue)
    }

    @Test func `a loan falls due once, and not before its time`() {
        given(Loan.self, [lent]).when { try $0.fallDue(at: noon) }.thenNothing()
        given(Loan.self, [lent]).when { try $0.fallDue(at: later) }.then([.fallenDue(LoanFallenDue(dueAt: later))])
        given(Loan.self, [lent, .returned(BookReturned(at: noon))]).when { try $0.fallDue(at: later) }.thenNothing()
    }

    @Test func `a card shows what became of the loan`() throws {
        let stream = try StreamName("library.loan.v1-branch1-1")
        given(LoanCards(), [lent, .returned(BookReturned(at: noon))], in: stream)
            .then([stream: LoanCard(book: "Emil", member: "Pia", dueAt: later, status: "returned")])
    }

    @Test func `a loan that is not returned in time is followed up`() throws {
        let stream = try StreamName("library.loan.v1-branch1-1")
        given(LoanPeriod(loans: try StreamCategory("library.loan.v1")), at: noon)
            .when(lent, in: stream)
            .then([.record(LoanPeriod.Begun(loanId: "1")), .setDeadline("return", at: later)])
            .whenReached("return", at: later)
            .then([.send(FollowUpLoan(loanId: "1"))])
            .when(LoanEvent.returned(BookReturned(at: later)), in: stream)
            .then([.end])
    }

    @Test func `wrong fields are named all at once`() throws {
        let payload = EventPayload(bytes: Array(#"{"loanId":"1","book":"","member":"Pia","days":"x"}"#.utf8))
        let error = try #require(throws: InvalidFields.self) { try LendBook.schema.decode(payload) }
        #expect(error.errors.map(\.pointer) == ["/book", "/days"])
    }

    @Test func `two weeks pass in memory, and one reminder is sent`() async throws {
        let clock = ManualClock(at: noon)
        let runtime = InMemoryRuntime(clock: clock.time)
        let reminded = Mutex<[String]>([])
        let pipeline = try library { event in
            reminded.withLock { $0.append(String(event.record.stream.entityID)) }
        }
        try await pipeline.run(on: runtime) { library in
            let context = MessageContext(
                tenant: try TenantID("branch1"), correlationID: "test", source: "tests", now: clock.date)
            for loan in ["1", "2"] {
                _ = try await library.commands.send(
                    LendBook(loanId: loan, book: "Emil", member: "Pia", days: 14), in: context)
            }
            _ = try await library.commands.send(ReturnBook(loanId: "1"), in: context)

            try await clock.advance {
                try await runtime.deadlines.nextDue(of: LoanPeriod.category, tenant: nil) != nil
            }
            clock.advance(by: .seconds(14 * 86_400))
            try await clock.advance { reminded.withLock { !$0.isEmpty } }
        }
        #expect(reminded.withLock { $0 } == ["2"])
    }
}
