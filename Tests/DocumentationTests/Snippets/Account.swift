import EventSourcing

struct Deposited: Codable, Hashable { let amount: Int }

struct Withdrawn: Codable, Hashable { let amount: Int }

enum AccountEvent: DomainEvent, Hashable {
    case deposited(Deposited)
    case withdrawn(Withdrawn)

    enum Name: String, CaseIterable {
        case deposited = "bank.account.deposited.v1"
        case withdrawn = "bank.account.withdrawn.v1"
    }

    var name: Name {
        switch self {
        case .deposited: .deposited
        case .withdrawn: .withdrawn
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .deposited(let deposit): try EventPayload(encoding: deposit)
        case .withdrawn(let withdrawal): try EventPayload(encoding: withdrawal)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .deposited: self = .deposited(try payload.decode(Deposited.self))
        case .withdrawn: self = .withdrawn(try payload.decode(Withdrawn.self))
        }
    }
}

struct Account: EventSourced, Codable, Hashable {
    private(set) var balance = 0

    mutating func evolve(_ event: AccountEvent) {
        switch event {
        case .deposited(let deposit): balance += deposit.amount
        case .withdrawn(let withdrawal): balance -= withdrawal.amount
        }
    }

    func deposit(_ amount: Int) throws(AccountError) -> [AccountEvent] {
        guard amount > 0 else { throw .invalidAmount }
        return [.deposited(Deposited(amount: amount))]
    }

    func withdraw(_ amount: Int) throws(AccountError) -> [AccountEvent] {
        guard amount > 0 else { throw .invalidAmount }
        guard amount <= balance else { throw .insufficientFunds(balance: balance) }
        return [.withdrawn(Withdrawn(amount: amount))]
    }
}

enum AccountError: Error, Hashable {
    case invalidAmount
    case insufficientFunds(balance: Int)
}
