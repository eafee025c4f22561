import EventSourcing

/// An aggregate as small as can be whose events are those of ``SampleEvent``.
struct SampleAggregate: EventSourced {
    private(set) var events = 0
    private(set) var net = 0

    mutating func evolve(_ event: Created) {
        events += 1
        net += event.net
    }

    /// The one event; its data is an object of JSON.
    struct Created: DomainEvent, Codable {
        enum Name: String, CaseIterable { case created = "invoices.invoice.created.v1" }

        let customer: String
        let currency: String
        let net: Int
        let note: String

        var name: Name { .created }

        func encode() throws -> EventPayload { try EventPayload(encoding: self) }

        init(_ name: Name, from payload: EventPayload) throws { self = try payload.decode(Self.self) }
    }
}
