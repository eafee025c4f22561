import EventSourcing

/// The smallest aggregate: it counts, up to a limit.
struct Counter: EventSourced, Hashable {
    private(set) var value = 0

    mutating func evolve(_ event: CounterEvent) {
        switch event {
        case .counted(let counted): value += counted.by
        }
    }

    func count(by step: Int, upTo limit: Int = .max) throws -> [CounterEvent] {
        guard step != 0 else { return [] }
        guard value + step <= limit else { throw CounterError.limitReached }
        return [.counted(Counted(by: step))]
    }
}

enum CounterError: Error { case limitReached }

struct Counted: Codable, Hashable { let by: Int }

enum CounterEvent: DomainEvent, Hashable {
    case counted(Counted)

    enum Name: String, CaseIterable { case counted = "tests.counter.counted.v1" }

    var name: Name { .counted }

    func encode() throws -> EventPayload {
        switch self {
        case .counted(let counted): try EventPayload(encoding: counted)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .counted: self = .counted(try payload.decode(Counted.self))
        }
    }
}
