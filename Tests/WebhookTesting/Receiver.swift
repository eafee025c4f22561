import NIOCore
package import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server on loopback that does what a test tells it to.
package final class Receiver: Sendable {
    package struct Request: Sendable {
        package let uri: String
        package let headers: HTTPHeaders
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
        package var id: String { headers.first(name: "webhook-id") ?? "" }
    }

    package enum Behaviour: Sendable {
        case answer(Int, HTTPHeaders = [:], body: String = "")
        /// Says nothing.
        case hang
        /// The head of an answer, and a body that does not end.
        case hangInBody(Int)
        /// Says nothing for a while, then this.
        case slow(Duration, Int = 200)
        /// Cuts the connection.
        case close
        /// 200, and a body of so many bytes.
        case large(Int)
    }

    private struct State {
        var behaviour: @Sendable (Request) -> Behaviour
        var requests: [Request] = []
    }

    private let state: Mutex<State>
    private let channel: any Channel

    package var port: Int { channel.localAddress!.port! }
    package var requests: [Request] { state.withLock(\.requests) }

    package func behave(_ behaviour: Behaviour) { behave { _ in behaviour } }

    package func behave(as behaviour: @escaping @Sendable (Request) -> Behaviour) {
        state.withLock { $0.behaviour = behaviour }
    }

    private init(_ behaviour: Behaviour, port: Int) async throws {
        let state = Mutex(State(behaviour: { _ in behaviour }))
        self.state = state
        let box = Box()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler { box.receiver?.answer($0) ?? .close })
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        box.set(self)
    }

    /// Runs `body` with a server, which is closed after it.
    @discardableResult package static func serving<Answer>(
        _ behaviour: Behaviour = .answer(200), port: Int = 0, _ body: (Receiver) async throws -> Answer
    ) async throws -> Answer {
        let receiver = try await Receiver(behaviour, port: port)
        do {
            let answer = try await body(receiver)
            try await receiver.channel.close().get()
            return answer
        } catch {
            try? await receiver.channel.close().get()
            throw error
        }
    }

    private func answer(_ request: Request) -> Behaviour {
        state.withLock { state in
            state.requests.append(request)
            return state.behaviour(request)
        }
    }

    private final class Box: Sendable {
        private let held = Mutex<Receiver?>(nil)
        var receiver: Receiver? { held.withLock(\.self) }
        func set(_ receiver: Receiver) { held.withLock { $0 = receiver } }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let behave: (Request) -> Behaviour
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ behave: @escaping (Request) -> Behaviour) { self.behave = behave }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let buffer): body += buffer.readableBytesView
            case .end:
                guard let head else { return }
                switch behave(Request(uri: head.uri, headers: head.headers, body: body)) {
                case .answer(let status, let headers, let text):
                    answer(status, headers, ByteBuffer(string: text), context)
                case .hang: break
                case .hangInBody(let status):
                    write(.head(.init(version: .http1_1, status: .init(statusCode: status))), context)
                    write(.body(.byteBuffer(ByteBuffer(string: "wait"))), context)
                    context.flush()
                case .slow(let duration, let status):
                    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                    context.eventLoop.scheduleTask(in: TimeAmount(duration)) {
                        let (handler, context) = bound.value
                        handler.answer(status, [:], ByteBuffer(), context)
                    }
                case .close: context.close(promise: nil)
                case .large(let size): answer(200, [:], ByteBuffer(repeating: 0x61, count: size), context)
                }
            }
        }

        private func answer(_ status: Int, _ headers: HTTPHeaders, _ body: ByteBuffer, _ context: ChannelHandlerContext)
        {
            var headers = headers
            headers.add(name: "content-length", value: "\(body.readableBytes)")
            write(.head(.init(version: .http1_1, status: .init(statusCode: status), headers: headers)), context)
            write(.body(.byteBuffer(body)), context)
            write(.end(nil), context)
            context.flush()
        }

        private func write(_ part: HTTPServerResponsePart, _ context: ChannelHandlerContext) {
            context.write(wrapOutboundOut(part), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
