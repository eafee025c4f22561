import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection after an answer with `Connection: close`.
///
/// The server itself leaves that to the client. A client that ignores the header would send its next request on a
/// connection from which nothing more is read (``RequestMiddleware``), and wait for ever. Only the server's half is
/// closed: closing both could discard the answer together with what the client has sent in the meantime.
final class LastAnswerHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart

    private var isLast = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            isLast = head.headerFields[.connection]?.lowercased() == "close"
        case .end where isLast:
            let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenSuccess { context.close(mode: .output, promise: nil) }
            return context.write(data, promise: promise)
        case .body, .end: break
        }
        context.write(data, promise: promise)
    }
}
