import EventSourcing
import EventSourcingBullMQ
import Pipelines

/// So many tickets as there are: the aggregate of the tests of commands.
struct Tickets: EventSourced, Hashable {
    private(set) var sold = 0

    mutating func evolve(_ event: TicketEvent) {
        switch event {
        case .sold(let sale): sold += sale.count
        }
    }
}

struct Sale: Codable, Hashable {
    let count: Int
}

enum TicketEvent: DomainEvent, Hashable {
    case sold(Sale)

    enum Name: String, CaseIterable { case sold = "tests.tickets.sold.v1" }

    var name: Name { .sold }

    func encode() throws -> EventPayload {
        switch self {
        case .sold(let sale): try EventPayload(encoding: sale)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .sold: self = .sold(try payload.decode(Sale.self))
        }
    }
}

/// Sells tickets, as long as there are some.
struct SellTickets: AggregateCommand, Hashable {
    static let name = "tests.tickets.sell"
    static let schema = CommandSchema<SellTickets>(.id("show"), .integer("count", in: 1...10))
    static let tickets = 50

    let show: String
    let count: Int

    var entityID: String { show }

    func decide(_ tickets: Tickets, in context: MessageContext) throws -> [TicketEvent] {
        guard tickets.sold + count <= Self.tickets else { throw SoldOut() }
        return [.sold(Sale(count: count))]
    }

    static var category: StreamCategory { get throws { try StreamCategory("tests.tickets.v1") } }
}

struct SoldOut: RefusalCode, CustomStringConvertible {
    let code = "sold-out"
    let description = "there are not enough tickets left"
}

extension CommandRegistry {
    /// The command of the tests, on a store.
    static func tests(on events: any EventStore) throws -> CommandRegistry {
        var registry = CommandRegistry()
        try registry.register(SellTickets.self, handledBy: AggregateStore(events), in: SellTickets.category)
        return registry
    }
}
