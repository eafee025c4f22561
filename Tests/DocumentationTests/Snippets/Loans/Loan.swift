import EventSourcing
import FoundationEssentials

/// A book that a member of the library has taken home.
struct Loan: EventSourced, Hashable {
    private(set) var dueAt: Date?
    private(set) var isOverdue = false
    private(set) var isReturned = false

    mutating func evolve(_ event: LoanEvent) {
        switch event {
        case .lent(let lent): dueAt = lent.dueAt
        case .renewed(let renewed): dueAt = renewed.dueAt
        case .fallenDue: isOverdue = true
        case .returned: isReturned = true
        }
    }
}

extension Loan {
    func lend(_ book: String, to member: String, until dueAt: Date) throws(LoanRefusal) -> [LoanEvent] {
        guard self.dueAt == nil else { throw .exists }
        return [.lent(BookLent(book: book, member: member, dueAt: dueAt))]
    }

    func renew(until newDueAt: Date) throws(LoanRefusal) -> [LoanEvent] {
        guard let dueAt else { throw .unknown }
        guard !isReturned else { throw .returned }
        guard !isOverdue else { throw .overdue }
        return newDueAt > dueAt ? [.renewed(LoanRenewed(dueAt: newDueAt))] : []
    }

    func fallDue(at now: Date) throws(LoanRefusal) -> [LoanEvent] {
        guard let dueAt else { throw .unknown }
        return now >= dueAt && !isOverdue && !isReturned ? [.fallenDue(LoanFallenDue(dueAt: dueAt))] : []
    }

    func giveBack(at now: Date) throws(LoanRefusal) -> [LoanEvent] {
        guard dueAt != nil else { throw .unknown }
        return isReturned ? [] : [.returned(BookReturned(at: now))]
    }
}

enum LoanRefusal: String, Error, CustomStringConvertible {
    case exists = "the book is lent already"
    case unknown = "there is no such loan"
    case returned = "the book is back already"
    case overdue = "an overdue loan cannot be renewed"

    var description: String { rawValue }
}
