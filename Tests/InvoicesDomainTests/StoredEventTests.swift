import EventSourcing
import Foundation
import InvoicesDomain
import Testing

/// What was stored once must be readable for ever: every stored name has a frozen example in `Fixtures/`, and a change
/// of the code must never need a change of an example.
@Suite struct StoredEventTests {
    private func fixture(_ name: InvoiceEvent.Name) throws -> EventPayload {
        let url = try #require(
            Bundle.module.url(forResource: name.rawValue, withExtension: "json", subdirectory: "Fixtures"),
            "Fixtures/\(name.rawValue).json is missing: freeze an example of the event")
        return EventPayload(bytes: [UInt8](try Data(contentsOf: url)))
    }

    @Test(arguments: InvoiceEvent.Name.allCases)
    func `the frozen example of every stored name decodes and is encoded the same`(_ name: InvoiceEvent.Name) throws {
        let payload = try fixture(name)
        let event = try InvoiceEvent(name, from: payload)
        #expect(event.name == name)
        #expect(try InvoiceEvent(name, from: event.encode()) == event)
        let (stored, encoded) = (
            try payload.decode([String: Scalar].self), try event.encode().decode([String: Scalar].self)
        )
        #expect(stored == encoded)
    }

    @Test(arguments: InvoiceEvent.Name.allCases)
    func `every stored name keeps the naming scheme`(_ name: InvoiceEvent.Name) throws {
        #expect(try EventType(name.rawValue).schemaVersion >= 1)
    }

    @Test func `an event without optional fields decodes`() throws {
        let json = """
            {"invoiceId":"0190A6E2-0000-7000-8000-000000000001","customerId":"0190A6E2-0000-7000-8000-000000000002",
            "amount":1,"currency":"JPY","createdAt":"2026-11-21T09:30:00Z"}
            """
        let event = try InvoiceEvent(.created, from: EventPayload(bytes: Array(json.utf8)))
        guard case .created(let created) = event else {
            Issue.record("decoded as \(event.name)")
            return
        }
        #expect(created.dueDate == nil)
        #expect(created.reference == nil)
    }
}

/// A member's value, to compare two objects without regard to the order of members.
private enum Scalar: Decodable, Equatable {
    case number(Int64)
    case text(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }
}
