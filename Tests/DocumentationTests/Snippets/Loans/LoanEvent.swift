import EventSourcing
import FoundationEssentials

struct BookLent: Codable, Hashable {
    let book: String
    let member: String
    let dueAt: Date
}

struct LoanRenewed: Codable, Hashable { let dueAt: Date }

struct LoanFallenDue: Codable, Hashable { let dueAt: Date }

struct BookReturned: Codable, Hashable { let at: Date }

enum LoanEvent: DomainEvent, Hashable {
    case lent(BookLent)
    case renewed(LoanRenewed)
    case fallenDue(LoanFallenDue)
    case returned(BookReturned)

    enum Name: String, CaseIterable {
        case lent = "library.loan.lent.v1"
        case renewed = "library.loan.renewed.v1"
        case fallenDue = "library.loan.fallen_due.v1"
        case returned = "library.loan.returned.v1"
    }

    var name: Name {
        switch self {
        case .lent: .lent
        case .renewed: .renewed
        case .fallenDue: .fallenDue
        case .returned: .returned
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .lent(let lent): try EventPayload(encoding: lent)
        case .renewed(let renewed): try EventPayload(encoding: renewed)
        case .fallenDue(let due): try EventPayload(encoding: due)
        case .returned(let returned): try EventPayload(encoding: returned)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .lent: self = .lent(try payload.decode(BookLent.self))
        case .renewed: self = .renewed(try payload.decode(LoanRenewed.self))
        case .fallenDue: self = .fallenDue(try payload.decode(LoanFallenDue.self))
        case .returned: self = .returned(try payload.decode(BookReturned.self))
        }
    }
}
