import EventSourcing

/// Tickets that are numbered as they are sold.
struct Tickets: EventSourced {
    mutating func evolve(_ event: TicketEvent) {}
}

enum TicketEvent: DomainEvent {
    case sold(to: String)
    case returned

    enum Name: String, CaseIterable, Sendable {
        case sold = "tests.ticket.sold.v1"
        case returned = "tests.ticket.returned.v1"
    }

    var name: Name {
        switch self {
        case .sold: .sold
        case .returned: .returned
        }
    }

    var sequence: SequenceName? {
        switch self {
        case .sold: try? SequenceName("tests.tickets")
        case .returned: nil
        }
    }

    func encode() throws -> EventPayload {
        switch self {
        case .sold(let buyer): try EventPayload(encoding: [buyer])
        case .returned: try EventPayload(encoding: [String]())
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .sold: self = .sold(to: try payload.decode([String].self).joined())
        case .returned: self = .returned
        }
    }
}
