import EventSourcing
import Foundation
import HTTPTypes
import Logging
import Testing

@Suite struct TraceTests {
    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00-\(traceID)-00f067aa0ba902b7-01"

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
