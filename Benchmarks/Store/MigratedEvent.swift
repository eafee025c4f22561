import EventSourcing
import FoundationEssentials

/// An event in its third shape. Every event of the first one takes two steps when it is read.
struct MigratedEvent: DomainEvent, Codable {
    enum Name: String, CaseIterable { case created = "invoices.migrated.created.v3" }

    let customer: String
    let currency: String
    let net: Int
    let note: String

    var name: Name { .created }

    func encode() throws -> EventPayload { try EventPayload(encoding: self) }

    init(_ name: Name, from payload: EventPayload) throws { self = try payload.decode(Self.self) }

    // swift-format-ignore: NeverUseForceTry
    static let upcasters = try! Upcasters(
        [
            Upcaster(from: EventType("invoices.migrated.created.v1"), to: EventType("invoices.migrated.created.v2")) {
                (members: inout JSONMembers) in members.rename("name", to: "customer")
            },
            Upcaster(from: EventType("invoices.migrated.created.v2"), to: EventType("invoices.migrated.created.v3")) {
                (members: inout JSONMembers) in try members.set("note", to: "-")
            },
        ], to: Name.self)

    static func stored() throws -> RecordedEvent {
        RecordedEvent(
            position: Position(1), stream: try StreamName("invoices.migrated.v1-benchmark-1"), revision: .first,
            id: UUID(), type: try EventType("invoices.migrated.created.v1"),
            data: EventPayload(bytes: Array(#"{"name": "ACME Ltd", "currency": "EUR", "net": 12500}"#.utf8)),
            metadata: EventPayload(bytes: []), recordedAt: Date())
    }
}
