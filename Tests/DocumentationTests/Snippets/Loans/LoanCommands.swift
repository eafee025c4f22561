import EventSourcing
import FoundationEssentials

struct LendBook: AggregateCommand {
    static let name = "library.loan.lend"
    static let schema = CommandSchema<Self>(
        .id("loanId"), .text("book", in: 1...200), .text("member", in: 1...100), .integer("days", in: 0...60))

    let loanId: String
    let book: String
    let member: String
    let days: Int

    var entityID: String { loanId }

    func decide(_ loan: Loan, in context: MessageContext) throws -> [LoanEvent] {
        try loan.lend(book, to: member, until: context.now.addingTimeInterval(Double(days) * 86_400))
    }
}

struct RenewLoan: AggregateCommand {
    static let name = "library.loan.renew"
    static let schema = CommandSchema<Self>(.id("loanId"), .integer("days", in: 1...60))

    let loanId: String
    let days: Int

    var entityID: String { loanId }

    func decide(_ loan: Loan, in context: MessageContext) throws -> [LoanEvent] {
        try loan.renew(until: context.now.addingTimeInterval(Double(days) * 86_400))
    }
}

struct FollowUpLoan: AggregateCommand, Hashable {
    static let name = "library.loan.follow_up"
    static let schema = CommandSchema<Self>(.id("loanId"))

    let loanId: String

    var entityID: String { loanId }

    func decide(_ loan: Loan, in context: MessageContext) throws -> [LoanEvent] { try loan.fallDue(at: context.now) }
}

struct ReturnBook: AggregateCommand {
    static let name = "library.loan.return"
    static let schema = CommandSchema<Self>(.id("loanId"))

    let loanId: String

    var entityID: String { loanId }

    func decide(_ loan: Loan, in context: MessageContext) throws -> [LoanEvent] { try loan.giveBack(at: context.now) }
}
