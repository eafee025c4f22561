import EventSourcing

/// A customer's name, whose event has changed its shape twice and its name once.
struct Customer: EventSourced, Hashable {
    private(set) var name = ""

    mutating func evolve(_ event: CustomerEvent) {
        switch event {
        case .renamed(let renamed):
            name = [renamed.title, renamed.firstName, renamed.lastName].compactMap(\.self)
                .joined(separator: " ")
        }
    }
}

/// The present shape, v3.
struct Renamed: Codable, Hashable {
    let firstName: String
    let lastName: String
    let title: String?
}

/// The first shape: the whole name in one member.
struct NamedV1: Codable, Hashable { let name: String }

/// The second shape.
struct NamedV2: Codable, Hashable {
    let first: String
    let last: String
}

enum CustomerEvent: DomainEvent, Hashable {
    case renamed(Renamed)

    enum Name: String, CaseIterable { case renamed = "tests.customer.renamed.v3" }

    var name: Name { .renamed }

    func encode() throws -> EventPayload {
        switch self {
        case .renamed(let renamed): try EventPayload(encoding: renamed)
        }
    }

    init(_ name: Name, from payload: EventPayload) throws {
        switch name {
        case .renamed: self = .renamed(try payload.decode(Renamed.self))
        }
    }

    static let upcasters = Upcasters(to: Name.self) {
        let (v1, v2) = (try EventType("tests.customer.named.v1"), try EventType("tests.customer.named.v2"))
        return [
            Upcaster(from: v1, to: v2) { (old: NamedV1) throws(NoLastName) in
                let parts = old.name.split(separator: " ", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw NoLastName() }
                return NamedV2(first: parts[0], last: parts[1])
            },
            Upcaster(from: v2, to: try EventType("tests.customer.renamed.v3")) { members in
                members.rename("first", to: "firstName")
                members.rename("last", to: "lastName")
                members.remove("score")
            },
        ]
    }
}

struct NoLastName: Error {}
