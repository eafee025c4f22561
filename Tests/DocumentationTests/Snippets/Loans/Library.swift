import EventSourcing
import FoundationEssentials
import Pipelines

struct LoanCard: Codable, Hashable, CustomStringConvertible {
    let book: String
    let member: String
    var dueAt: Date
    var status = "lent"

    var description: String { "\(book), lent to \(member): \(status)" }
}

/// The read model: a card for each loan.
struct LoanCards: DocumentProjection {
    func evolve(_ card: inout LoanCard?, with event: Recorded<LoanEvent>) {
        switch event.event {
        case .lent(let lent): card = LoanCard(book: lent.book, member: lent.member, dueAt: lent.dueAt)
        case .renewed(let renewed): card?.dueAt = renewed.dueAt
        case .fallenDue: card?.status = "overdue"
        case .returned: card?.status = "returned"
        }
    }
}

/// Loans as one value. `remind` is told of every loan that has fallen due.
func library(
    remind: @escaping @Sendable (Recorded<LoanEvent>) async throws -> Void
) throws -> Pipeline<Loan, Aggregates<Loan>> {
    let category = try StreamCategory("library.loan.v1")
    return Pipeline("library", of: Loan.self, category: category)
        .command(LendBook.self)
        .command(RenewLoan.self)
        .command(FollowUpLoan.self)
        .command(ReturnBook.self)
        .projection("cards", LoanCards())
        .handler("reminders", on: [.fallenDue], remind)
        .processManager(LoanPeriod(loans: category))
}
