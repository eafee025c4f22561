import EventSourcing
import Foundation
import HTTPConventions
import HTTPTesting
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Testing

/// Clients that go away while their request waits.
@Suite(.timeLimit(.minutes(5))) struct HangUpTests {
    private static let invoice = #"{"customerId": "\#(customer)", "amount": 1250}"#
    private static let draft = #"{"customerId": "\#(customer)", "amount": 1250, "draft": true}"#

    enum Write: CaseIterable {
        case create, batch, pay, refund, void, revise, issue

        /// The request line and the body, for an invoice that is open and another one that is a draft.
        func request(_ open: String, _ draft: String) -> (line: String, body: String) {
            switch self {
            case .create: ("POST /invoices", HangUpTests.invoice)
            case .batch: ("POST /invoices/batch", #"{"invoices": [\#(HangUpTests.invoice), \#(HangUpTests.invoice)]}"#)
            case .pay: ("POST \(open)/pay", #"{"amount": 250}"#)
            case .refund: ("POST \(open)/refund", #"{"amount": 10}"#)
            case .void: ("POST \(draft)/void", #"{"reason": "A mistake"}"#)
            case .revise: ("PATCH \(draft)", #"{"amount": 2}"#)
            case .issue: ("POST \(draft)/issue", "{}")
            }
        }
    }

    private func text(_ line: String, _ body: String, headers: String = "") -> String {
        """
        \(line) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\
        \(headers)\r\n\(body)
        """
    }

    /// Returns the path of what was created. A server that listens sends a header that the document leaves out.
    @discardableResult
    private func write(_ body: String, to path: String, _ client: any TestClientProtocol) async throws -> String {
        let answer = try await client.executeRequest(
            uri: path, method: .post, headers: [.contentType: "application/json"], body: ByteBuffer(string: body))
        #expect(answer.status.kind == .successful)
        return answer.headers[.location] ?? ""
    }

    private static func asking(after time: Duration) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.presence = time
        return limits
    }

    private func isGivenUp(_ service: TestService) -> Bool {
        service.logs.lines.contains { $0.message.hasPrefix("Request was given up") }
    }

    @Test(arguments: Write.allCases, ["", "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"])
    func `a write that waits is not stored when its client has gone, also on a connection that was used before`(
        kind: Write, before: String
    ) async throws {
        let service = try TestService()
        try await service.test(.live) { client in
            let open = try await write(Self.invoice, to: "/invoices", client)
            let draft = try await write(Self.draft, to: "/invoices", client)
            _ = try await write(#"{"amount": 100}"#, to: "\(open)/pay", client)
            let (line, body) = kind.request(open, draft)
            let stored = service.store.appends
            let gate = service.store.holdAppends()
            var connection: RawConnection? = try RawConnection(port: #require(client.port))
            await connection?.send(before + text(line, body, headers: "Idempotency-Key: \"k\"\r\n"))
            while service.store.heldAppends == 0 { await Task.yield() }
            // The last reference closes it.
            connection = nil
            while !isGivenUp(service) { await Task.yield() }
            gate.finish()
            #expect(service.store.appends == stored)
            #expect(service.logs.lines.allSatisfy { $0.level < .warning })
        }
    }

    @Test func `a client that has only closed its side is answered, and asked before whether it is there`() async throws
    {
        let service = try TestService(connections: Self.asking(after: .milliseconds(1)))
        try await service.test(.live) { client in
            let gate = service.store.holdAppends()
            let connection = try RawConnection(port: #require(client.port))
            await connection.send(text("POST /invoices", Self.invoice))
            connection.closeWriting()
            #expect(await connection.hasReceived("HTTP/1.1 100 Continue\r\n\r\n"))
            while service.store.heldAppends == 0 { await Task.yield() }
            gate.finish()
            let answer = await connection.readToEnd().text.replacing("HTTP/1.1 100 Continue\r\n\r\n", with: "")
            #expect(answer.hasPrefix("HTTP/1.1 201 Created\r\n"))
            #expect(answer.hasSuffix("}"))
            #expect(service.store.appends == 1)
        }
    }

    @Test func `a client that has only closed its side and is answered soon sees the answer alone`() async throws {
        let service = try TestService(connections: Self.asking(after: .seconds(60)))
        try await service.test(.live) { client in
            let connection = try RawConnection(port: #require(client.port))
            await connection.send(text("POST /invoices", Self.invoice))
            connection.closeWriting()
            let answer = await connection.readToEnd().text
            #expect(answer.matches(of: /HTTP\/1\.1/).count == 1)
            #expect(answer.hasPrefix("HTTP/1.1 201 Created\r\n"))
        }
    }

    @Test(arguments: [
        (StoreTimedOut() as any Error, "busy"), (StoreOverloaded(), "busy"),
        (AppendOutcomeUnknown(streams: [], underlying: StoreTimedOut()), "outcome-unknown"),
    ])
    func `a write that has waited in vain is 503, and the same key works afterwards`(
        error: any Error, code: String
    ) async throws {
        let service = try TestService()
        try await service.test { client in
            service.store.fail(with: error)
            let refused = try await client.send(
                .post, "/invoices", headers: [.idempotencyKey: "\"k\""], body: Self.invoice)
            #expect(refused.status == 503)
            #expect(refused.headers[.retryAfter] == "1")
            #expect(refused.json["code"] == .string(code))
            service.store.fail(with: nil)
            let stored = try await client.send(
                .post, "/invoices", headers: [.idempotencyKey: "\"k\""], body: Self.invoice)
            #expect(stored.status == 201)
            #expect(stored.headers[HTTPField.Name("Idempotency-Replayed")!] == nil)
        }
    }
}
