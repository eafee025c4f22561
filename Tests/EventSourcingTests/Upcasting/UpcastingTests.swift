import EventSourcing
import EventSourcingTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct UpcastingTests {
    private let stream: StreamName

    init() throws { stream = try StreamName("tests.customer.v1-core-1") }

    private func record(_ type: String, _ json: String) throws -> RecordedEvent {
        RecordedEvent(
            position: Position(7), stream: stream, revision: Revision(3), id: .v7(), type: try EventType(type),
            data: EventPayload(bytes: Array(json.utf8)), metadata: EventPayload(bytes: []), recordedAt: Date())
    }

    @Test func `the frozen example of every stored name decodes to the present event`() throws {
        let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let events = try expectDecodable(CustomerEvent.self, in: fixtures)
        #expect(events.count == 3)
        for event in events.values {
            #expect(event == .renamed(Renamed(firstName: "Ada", lastName: "Lovelace", title: nil)))
        }
    }

    @Test func `an aggregate folds events of all their versions`() async throws {
        let store = InMemoryEventStore()
        let events = [
            try record("tests.customer.named.v1", #"{"name":"Ada Byron"}"#),
            try record("tests.customer.named.v2", #"{"first":"Ada","last":"King"}"#),
            try record("tests.customer.renamed.v3", #"{"firstName":"Ada","lastName":"Lovelace","title":"Countess"}"#),
        ]
        for (count, name) in ["Ada Byron", "Ada King", "Countess Ada Lovelace"].enumerated() {
            let event = events[count]
            let new = NewEvent(id: event.id, type: event.type, data: event.data, metadata: event.metadata)
            _ = try await store.append([new], to: stream, expecting: .any)
            #expect(try await AggregateStore<Customer>(store).load(stream).state.name == name)
        }
    }

    @Test func `an upcaster that fails names the event, its place, and the step`() throws {
        let record = try record("tests.customer.named.v1", #"{"name":"Ada"}"#)
        let error = try #require(throws: UndecodableEvent.self) { try Recorded<CustomerEvent>(decoding: record) }
        #expect(error.step?.from.schemaVersion == 1)
        #expect(error.step?.to.schemaVersion == 2)
        let parts = [
            "\(record.id)", "tests.customer.named.v1, position 7", "stream \(stream)",
            "from tests.customer.named.v1 to tests.customer.named.v2", "NoLastName",
        ]
        for part in parts { #expect(error.description.contains(part)) }
    }

    @Test func `a result that does not decode is the last step's failure`() throws {
        let record = try record("tests.customer.named.v2", #"{"first":1,"last":"King"}"#)
        let error = try #require(throws: UndecodableEvent.self) { try Recorded<CustomerEvent>(decoding: record) }
        #expect(error.step?.to.rawValue == "tests.customer.renamed.v3")
    }

    @Test func `a type that nothing starts from is not decodable`() throws {
        let record = try record("tests.customer.named.v9", "{}")
        let error = try #require(throws: UndecodableEvent.self) { try Recorded<CustomerEvent>(decoding: record) }
        #expect(error.step == nil)
        #expect(error.description.contains("tests.customer.named.v9"))
    }

    @Test(arguments: [
        (["a.v1 a.v2", "a.v1 renamed.v3"], InvalidUpcasters.Reason.repeatedSource),
        (["renamed.v3 renamed.v4"], .presentSource), (["a.v1 a.v2"], .unknownTarget),
        (["a.v1 a.v1"], .cycle), (["a.v1 a.v2", "a.v2 a.v3", "a.v3 a.v2"], .cycle),
    ])
    func `a set that contradicts itself or leads nowhere is refused`(
        _ steps: [String], _ reason: InvalidUpcasters.Reason
    ) throws {
        let upcasters = try steps.map { step in
            let types = step.split(separator: " ").map { "tests.customer.\($0)" }
            return Upcaster(from: try EventType(types[0]), to: try EventType(types[1])) { (data: EventPayload) in data }
        }
        let error = try #require(throws: InvalidUpcasters.self) {
            try Upcasters(upcasters, to: CustomerEvent.Name.self)
        }
        #expect(error.reason == reason)
    }

    @Test(arguments: ["other.customer.named.v1", "tests.person.named.v1"])
    func `an upcaster stays within its aggregate`(_ source: String) throws {
        let upcaster = Upcaster(from: try EventType(source), to: try EventType("tests.customer.renamed.v3")) {
            (data: EventPayload) in data
        }
        let error = try #require(throws: InvalidUpcasters.self) {
            try Upcasters([upcaster], to: CustomerEvent.Name.self)
        }
        #expect(error.reason == .otherAggregate)
    }
}
