import AsyncHTTPClient
import EventSourcing
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing
import WebhookTesting

@testable import Webhooks

@Suite(.timeLimit(.minutes(1))) struct WebhookSenderTests {
    private let fixture: WebhookFixture

    init() throws { fixture = try WebhookFixture() }

    private func test(
        _ url: String, resolving addresses: [NetworkAddress] = [],
        _ change: (inout WebhookConfiguration) -> Void = { _ in }
    ) async throws -> WebhookDelivery {
        var configuration = fixture.configuration
        configuration.resolver = HostResolver { _ in addresses }
        change(&configuration)
        return await WebhookSender(configuration).test(try fixture.endpoint(at: url))
    }

    @Test func `a test tells the outcome`() async throws {
        try await Receiver.serving(.answer(204)) { receiver in
            let delivery = try await test("http://127.0.0.1:\(receiver.port)/")
            #expect(delivery.outcome == .delivered(status: 204) && delivery.position == nil)
            #expect(receiver.requests.map(\.id) == [delivery.event.text])
            #expect(receiver.requests[0].text.contains(#""type":"webhooks.endpoint.tested.v1""#))
            receiver.behave(.answer(500))
            #expect(
                try await test("http://127.0.0.1:\(receiver.port)/").outcome == .failed(reason: "500", status: 500))
        }
    }

    @Test func `an event of a trace is sent with its traceparent`() throws {
        let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        for traceparent in [traceparent, nil] {
            let metadata = EventMetadata(
                correlationID: "c", causationID: "c", traceparent: traceparent, source: "tests",
                occurredAt: Date(timeIntervalSince1970: 0))
            let event = RecordedEvent(
                position: Position(1), stream: try StreamName("tests.thing.v1-core-1"), revision: .first, id: UUID(),
                type: try EventType("tests.thing.happened.v1"), data: EventPayload(bytes: Array("{}".utf8)),
                metadata: try EventPayload(encoding: metadata), recordedAt: Date(timeIntervalSince1970: 0))
            let message = try WebhookMessage(event, source: "https://a.example")
            let request = WebhookSender(fixture.configuration)
                .request(message, to: try fixture.endpoint(at: "https://a.example/"), at: Date())
            #expect(request.headers["traceparent"] == [traceparent].compactMap(\.self))
        }
    }

    @Test func `the connection goes to the address that was checked, and names the host`() async throws {
        try await Receiver.serving { receiver in
            let delivery = try await test(
                "http://receiver.example:\(receiver.port)/x", resolving: [NetworkAddress(ipv4: "127.0.0.1")!])
            #expect(delivery.outcome == .delivered(status: 200))
            #expect(receiver.requests[0].headers["host"] == ["receiver.example:\(receiver.port)"])
        }
    }

    @Test func `why there was no answer is told in plain words`() async throws {
        let free = try await Receiver.serving { $0.port }
        #expect(try await test("http://127.0.0.1:\(free)/").failure == "the connection was refused")
        try await Receiver.serving { receiver in
            let failure = try await test("https://127.0.0.1:\(receiver.port)/").failure
            #expect(failure == "the endpoint does not speak TLS")
        }
        try await withListener(answering: "220 mail.example ESMTP\r\n\r\n") { _ in
        } _: { port in
            let failure = try await test("http://127.0.0.1:\(port)/").failure
            #expect(failure == "the answer is not HTTP")
        }
        let texts = [
            "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435581 error:1000007d:SSL routines:"
                + "OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /build/ssl/handshake.cc:393]))":
                "the certificate is not trusted, or has expired",
            "NIOSSLExtraError.failedToValidateHostname: Couldn't find a.example in certificate from peer":
                "the certificate is not for this name",
            "handshakeFailed(NIOSSL.BoringSSLError.sslError([EOF during handshake]))":
                "the connection was closed before there was an answer",
        ]
        for (text, plain) in texts {
            #expect(SendingFailure.text(of: Failure(description: text), timeout: .seconds(1)) == plain)
        }
        let reset = IOError(errnoCode: ECONNRESET, reason: "connection reset (error set)")
        #expect(
            SendingFailure.text(of: reset, timeout: .seconds(1))
                == "the connection was closed before there was an answer")
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    @Test func `TLS names the host, whatever the address is`() async throws {
        let seen = Mutex<[UInt8]>([])
        try await withListener { bytes in
            seen.withLock { $0 += bytes }
        } _: { port in
            let delivery = try await test(
                "https://receiver.example:\(port)/", resolving: [NetworkAddress(ipv4: "127.0.0.1")!])
            #expect(!delivery.isDelivered)
        }
        // The name is in the ClientHello in plain text (RFC 6066, section 3).
        #expect(String(decoding: seen.withLock(\.self), as: UTF8.self).contains("receiver.example"))
    }

    /// A server that reads, and says nothing or this.
    private func withListener(
        answering answer: String? = nil, _ read: @escaping @Sendable ([UInt8]) -> Void,
        _ body: (Int) async throws -> Void
    ) async throws {
        final class Handler: ChannelInboundHandler {
            typealias InboundIn = ByteBuffer
            typealias OutboundOut = ByteBuffer
            let read: @Sendable ([UInt8]) -> Void
            let answer: String?
            init(_ read: @escaping @Sendable ([UInt8]) -> Void, _ answer: String?) {
                (self.read, self.answer) = (read, answer)
            }
            func channelRead(context: ChannelHandlerContext, data: NIOAny) {
                read(Array(unwrapInboundIn(data).readableBytesView))
                if let answer {
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
                }
            }
        }
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(read, answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await body(channel.localAddress!.port!)
        try await channel.close().get()
    }

    @Test(arguments: [
        "127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.1.1", "192.168.1.1", "0.0.0.0", "::1", "::ffff:127.0.0.1",
        "fd00::1", "fe80::1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ])
    func `a name that leads inside is refused after it was resolved`(address: String) async throws {
        let inside = try #require(NetworkAddress(ipv4: address) ?? NetworkAddress(ipv6: address))
        let addresses = [NetworkAddress(ipv4: "8.8.8.8")!, inside]
        let delivery = try await test("https://inside.example/", resolving: addresses) { $0.policy = .publicInternet }
        #expect(delivery.failure?.hasPrefix("the address is refused: \(inside) is ") == true, "\(delivery)")
    }

    @Test func `a name that is resolved to another address a moment later leads nowhere else`() async throws {
        try await Receiver.serving { receiver in
            let count = Mutex(0)
            let delivery = try await test("http://rebinding.example:\(receiver.port)/") { configuration in
                configuration.resolver = HostResolver { _ in
                    count.withLock { $0 += 1 }
                    return [NetworkAddress(ipv4: count.withLock(\.self) == 1 ? "127.0.0.1" : "169.254.169.254")!]
                }
            }
            #expect(delivery.isDelivered && count.withLock(\.self) == 1)
        }
    }

    @Test func `a name without an address is a failure that says so`() async throws {
        let delivery = try await test("https://nowhere.invalid/") { $0.resolver = .system }
        #expect(delivery.failure?.hasPrefix("the host nowhere.invalid cannot be found: ") == true)
        #expect(try await test("https://nowhere.example/").failure?.hasSuffix("it has no address") == true)
    }

    @Test func `what may not be written is not sent either`() async throws {
        let delivery = try await test("http://example.com/") { $0.policy = .publicInternet }
        #expect(delivery.failure == "the address is refused: use https: what is sent by http is open to anybody")
    }

    @Test func `the system's resolver knows this machine`() async throws {
        let addresses = try await HostResolver.system.addresses(of: "localhost")
        #expect(
            addresses.contains(NetworkAddress(ipv4: "127.0.0.1")!) || addresses.contains(NetworkAddress(ipv6: "::1")!))
        #expect(addresses.allSatisfy { WebhookNetworkPolicy.publicInternet.refusal(of: $0) != nil })
    }
}
