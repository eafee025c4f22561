import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on the loopback address that keeps what it receives and answers with a status.
final class RequestReceiver: Sendable {
    struct Received: Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: [UInt8]
    }

    /// Nil: no answer.
    let status: Mutex<HTTPResponseStatus?>
    private let received = Mutex<[Received]>([])

    var requests: [Received] { received.withLock(\.self) }

    private init(_ status: HTTPResponseStatus?) { self.status = Mutex(status) }

    static func running<Answer>(
        _ status: HTTPResponseStatus?, _ body: (RequestReceiver, _ url: String) async throws -> Answer
    ) async throws -> Answer {
        let receiver = RequestReceiver(status)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(receiver))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let answer: Answer
        do {
            answer = try await body(receiver, "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/hook?key=s3cret")
        } catch {
            try? await channel.close()
            throw error
        }
        try? await channel.close()
        return answer
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let receiver: RequestReceiver
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(_ receiver: RequestReceiver) { self.receiver = receiver }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let bytes): body += bytes.readableBytesView
            case .end: answer(context)
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            guard let head else { return }
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            let request = Received(method: head.method.rawValue, path: head.uri, headers: headers, body: body)
            receiver.received.withLock { $0.append(request) }
            guard let status = receiver.status.withLock(\.self) else { return }
            var response = HTTPResponseHead(version: .http1_1, status: status, headers: ["content-length": "0"])
            if status.code / 100 == 3 { response.headers.add(name: "location", value: "/elsewhere") }
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
