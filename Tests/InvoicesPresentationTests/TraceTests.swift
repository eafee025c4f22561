import EventSourcing
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

@Suite struct TraceTests {
    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00-\(traceID)-00f067aa0ba902b7-01"
    private static let invoice = ByteBuffer(bytes: Array(#"{"customerId": "\#(customer)", "amount": 1}"#.utf8))

    @Test(arguments: [parent, "cc-\(traceID)-00f067aa0ba902b7-01-what-the-future-brings"])
    func `a request goes on with its trace`(parent: String) async throws {
        let service = try TestService()
        try await service.test { client in
            let created = try await client.send(
                .post, "/invoices", headers: [.traceParent: parent, .traceState: "a=1,t@b= 2"],
                body: #"{"customerId": "\#(customer)", "amount": 1}"#)
            let answered = try #require(created.headers[.traceParent])
            #expect(answered.wholeMatch(of: /00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01/) != nil)
            #expect(answered != Self.parent)
            #expect(created.headers[.traceState] == "a=1,t@b= 2")
            #expect(created.headers[.requestID] == Self.traceID)
            let event = try #require(try await service.store.base.readLog(after: nil, .forwards, limit: 1).first)
            #expect(String(decoding: event.metadata.bytes, as: UTF8.self).contains(Self.traceID))
        }
        let line = try #require(service.logs.lines.first { $0.message == "Answered request" })
        #expect(line.metadata["trace.id"] == "\(Self.traceID)")
        #expect(line.metadata["correlation.id"] == "\(Self.traceID)")
    }

    @Test
    func `the events of a request tell the peer's address, not a proxy's word, and the request's part of the trace`()
        async throws
    {
        let service = try TestService()
        try await service.test(.live) { client in
            let created = try await client.executeRequest(
                uri: "/invoices", method: .post,
                headers: [
                    .traceParent: Self.parent, HTTPField.Name("Forwarded")!: "for=203.0.113.9",
                    .contentType: "application/json",
                ],
                body: Self.invoice)
            let event = try #require(try await service.store.base.readLog(after: nil, .forwards, limit: 1).first)
            let metadata = try event.decodeMetadata()
            #expect(metadata.traceparent == created.headers[.traceParent])
            #expect(["127.0.0.1", "::1"].contains(metadata.caller))
        }
    }

    /// What a handler of invoices does by itself: it writes down that it has seen one.
    private struct NoteInvoice: AggregateCommand {
        static let name = "tests.note.write"
        static let schema = CommandSchema<NoteInvoice>(.id("invoice"))
        let invoice: String
        var entityID: String { invoice }

        func decide(_ state: Notes, in context: MessageContext) throws -> [NoteEvent] { [.written] }
    }

    private struct Notes: EventSourced {
        mutating func evolve(_ event: NoteEvent) {}
    }

    private enum NoteEvent: DomainEvent {
        case written

        enum Name: String, CaseIterable { case written = "tests.note.written.v1" }
        var name: Name { .written }
        func encode() throws -> EventPayload { EventPayload(bytes: Array("{}".utf8)) }
        init(_ name: Name, from payload: EventPayload) throws { self = .written }
    }

    @Test func `request, event, job, worker, command of a handler and its event are one chain`() async throws {
        let service = try TestService()
        let events = service.store.base
        try await service.test(.live) { client in
            _ = try await client.executeRequest(
                uri: "/invoices", method: .post,
                headers: [.traceParent: Self.parent, .requestID: "mine", .contentType: "application/json"],
                body: Self.invoice)
        }
        let category = try StreamCategory("tests.note.v1")
        let bus = CommandBus<Aggregates<Notes>> {
            Aggregates(store: AggregateStore(events), category: category, context: $0)
        }
        let queue = InMemoryJobQueue()
        let relay = try Relay(
            to: QueueSink("notes", into: queue, routes: [JobRoute("all", for: .all) { [Job(for: $0)] }]),
            in: InMemorySubscriptionStore(on: events), appended: events.appended, logger: Logger(label: "tests"))
        let worker = InMemoryJobWorker(of: queue) { job, _ in
            let event = try RecordedEvent(in: job)
            guard event.stream.category != category.rawValue, let context = MessageContext.current else { return }
            #expect(Logger.current[metadataKey: "correlation.id"] == "mine")
            #expect(Logger.current[metadataKey: "trace.id"] == "\(Self.traceID)")
            _ = try await bus.send(NoteInvoice(invoice: String(event.stream.entityID)), in: context)
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try? await relay.run() }
            group.addTask { try await worker.run() }
            while try await events.head() < Position(2) { await Task.yield() }
            group.cancelAll()
        }
        let log = try await events.readLog(after: nil, .forwards, limit: 10)
        let (created, noted) = (try log[0].decodeMetadata(), try log[1].decodeMetadata())
        #expect(created.correlationID == "mine" && created.causationID == "mine")
        #expect(noted.correlationID == "mine" && noted.causationID == log[0].id.uuidString.lowercased())
        #expect(created.traceparent?.contains(Self.traceID) == true && noted.traceparent == created.traceparent)
        #expect(noted.caller == created.caller && noted.caller != nil)
        #expect(created.source == "invoices.http" && noted.source == log[0].type.rawValue)
    }

    @Test func `a request's own name comes before that of its trace`() async throws {
        let service = try TestService()
        try await service.test { client in
            let headers: HTTPFields = [.traceParent: Self.parent, .requestID: "mine"]
            let refused = try await client.send(.get, "/none", headers: headers)
            #expect(refused.json["correlationId"] == "mine")
            #expect(refused.headers[.requestID] == "mine")
            #expect(refused.headers[.traceParent]?.contains(Self.traceID) == true)
        }
        let line = try #require(service.logs.lines.first { $0.message == "Answered request" })
        #expect(line.metadata["trace.id"] == "\(Self.traceID)")
        #expect(line.metadata["correlation.id"] == "mine")
    }

    @Test(arguments: [
        nil, "", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "ff-\(traceID)-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-\(traceID)-0000000000000000-01",
        "00-\(traceID)-00f067aa0ba902b7-01-more", "00-\(traceID)-00f067aa0ba902b7", "00-\(traceID)-00f067aa0ba902b-01",
        "0-\(traceID)-00f067aa0ba902b7-01", "\(parent), \(parent)", "01-\(traceID)-00f067aa0ba902b7-0g",
    ])
    func `a request without a sane trace begins one`(parent: String?) async throws {
        try await TestService().test { client in
            var headers: HTTPFields = [.traceState: "a=1"]
            headers[.traceParent] = parent
            let answer = try await client.send(.get, "/health/live", headers: headers)
            let trace = try #require(answer.headers[.traceParent])
            #expect(!trace.contains(Self.traceID))
            #expect(answer.headers[.traceState] == nil)
            let name = try #require(answer.headers[.requestID].flatMap(UUID.init(uuidString:)))
            let digits = name.uuidString.replacing("-", with: "").lowercased()
            #expect(trace.wholeMatch(of: /00-([0-9a-f]{32})-[0-9a-f]{16}-00/)?.1 == digits[...])
        }
    }

    @Test(arguments: [
        "A=1", "a", "a=", "=1", "a=1,a=2", "a=1=2", "a@b@c=1", "1a=1", "a=\u{e9}",
        String(repeating: "a", count: 257) + "=1",
        (0..<33).map { "k\($0)=1" }.joined(separator: ","),
    ])
    func `what tracing systems add is left out when it cannot be read`(state: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(
                .get, "/health/live", headers: [.traceParent: Self.parent, .traceState: state])
            #expect(answer.headers[.traceParent]?.contains(Self.traceID) == true)
            #expect(answer.headers[.traceState] == nil)
        }
    }
}

extension HTTPField.Name {
    static let traceParent = Self("traceparent")!
    static let traceState = Self("tracestate")!
}
