import EventSourcing
import FoundationEssentials
import Testing

/// A list of names, to be seen as JSON.
private struct Guests: EventSourced, Encodable {
    private(set) var names: [String] = []
    private(set) var sold = 0
    private(set) var isClosed: Bool?

    mutating func evolve(_ event: TicketEvent) {
        switch event {
        case .sold(let buyer):
            names.append(buyer)
            sold += 1
        case .returned:
            names = Array(names.dropLast())
            isClosed = true
        }
    }
}

@Suite struct AuditTrailTests {
    private let store = InMemoryEventStore()

    private func sell() async throws -> (StreamName, MessageContext) {
        let stream = try StreamName("tests.ticket.v1-core-1")
        let context = MessageContext(
            tenant: stream.tenant, correlationID: "test", user: User(id: "ada"), source: "tests",
            now: Date(timeIntervalSince1970: 9))
        let guests = AggregateStore<Guests>(store)
        for event in [TicketEvent.sold(to: "Bob"), .sold(to: "Eve"), .returned] {
            _ = try await guests.transact(stream, in: context) { _ in [event] }
        }
        return (stream, context)
    }

    @Test func `an audit trail shows who changed what`() async throws {
        let (stream, _) = try await sell()
        let trail = try await AggregateReader<Guests>(store).auditTrail(of: stream)
        #expect(
            trail.map(\.changes) == [
                [
                    JSONChange(path: "/names/0", before: nil, after: #""Bob""#),
                    JSONChange(path: "/sold", before: "0", after: "1"),
                ],
                [
                    JSONChange(path: "/names/1", before: nil, after: #""Eve""#),
                    JSONChange(path: "/sold", before: "1", after: "2"),
                ],
                [
                    JSONChange(path: "/isClosed", before: nil, after: "true"),
                    JSONChange(path: "/names/1", before: #""Eve""#, after: nil),
                ],
            ])
        #expect(try trail.map { try $0.record.decodeMetadata().user?.id } == ["ada", "ada", "ada"])
        let rest = try await AggregateReader<Guests>(store).auditTrail(of: stream, from: Revision(1), limit: 1)
        #expect(rest.map(\.changes) == [trail[1].changes])
    }

    @Test func `the difference between two revisions is told`() async throws {
        let (stream, context) = try await sell()
        let reader = AggregateReader<Guests>(store)
        #expect(
            try await reader.changes(of: stream, from: Revision(0), to: Revision(2)) == [
                JSONChange(path: "/isClosed", before: nil, after: "true"),
                JSONChange(path: "/sold", before: "1", after: "2"),
            ])
        #expect(try await reader.changes(of: stream, from: nil, to: Revision(0)).count == 2)
        #expect(try await reader.changes(of: stream, from: Revision(1), to: Revision(1)).isEmpty)
        _ = try await store.redact(Revision(1), of: stream, reason: "asked for", in: context)
        let trail = try await reader.auditTrail(of: stream)
        #expect(trail.map { $0.event == nil } == [false, true, false])
        #expect(trail[1].changes.isEmpty)
    }

    @Test(arguments: [
        (#"{"a":1}"#, #"{"a":1}"#, [] as [String]), (#"{"a":1}"#, #"{"a":2}"#, ["/a: 1 → 2"]),
        (#"{"a":{"b":[1,2]}}"#, #"{"a":{"b":[1,3,4]}}"#, ["/a/b/1: 2 → 3", "/a/b/2: – → 4"]),
        (#"{"a/b":1,"c~d":2}"#, #"{"a/b":2}"#, ["/a~1b: 1 → 2", "/c~0d: 2 → –"]),
        (#"{"a":[1]}"#, #"{"a":{"0":1}}"#, [#"/a: [1] → {"0":1}"#]), ("1", "null", [": 1 → null"]),
        (#"{"b":1, "a" : [ 1 ]}"#, #"{"a":[1],"b":1}"#, []),
        (#"{"a":"x"}"#, #"{"a":{}}"#, [#"/a: "x" → {}"#]),
    ])
    func `documents are compared member by member`(_ before: String, _ after: String, _ changes: [String]) throws {
        let (before, after) = (EventPayload(bytes: Array(before.utf8)), EventPayload(bytes: Array(after.utf8)))
        #expect(try before.changes(to: after).map(\.description) == changes)
    }

    @Test func `what is no JSON is refused`() {
        let (document, broken) = (EventPayload(bytes: Array("{}".utf8)), EventPayload(bytes: Array("{".utf8)))
        #expect(throws: MalformedJSON.self) { try document.changes(to: broken) }
    }
}
