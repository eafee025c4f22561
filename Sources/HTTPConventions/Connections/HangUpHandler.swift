import NIOCore
import NIOHTTP1

/// Finds out whether a client that has closed its side of the connection still reads.
///
/// The end of what a client sends says that it sends nothing more: it may be waiting for its answer (`shutdown`), or it may
/// have gone (`close`). Only something that is sent to it tells the two apart: whoever has gone answers with a reset. So a
/// request that is not answered soon after that is given an interim response, 100, which every client of HTTP/1.1 has to
/// accept and to pass over, asked for or not (RFC 9110, section 15.2). On a reset the channel closes, which cancels the
/// request.
final class HangUpHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Requests are rarely at work for longer, so that clients that only close their side rarely see the response.
    private let firstProbe: TimeAmount
    private static let interval = TimeAmount.seconds(1)

    private var requests = 0
    /// HTTP/1.0 has no interim responses.
    private var canProbe = true
    private var isAnswering = false
    private var isInputClosed = false
    private var probe: Scheduled<Void>?

    init(firstProbe: Duration) { self.firstProbe = TimeAmount(firstProbe) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            requests += 1
            canProbe = canProbe && head.version != .http1_0
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            scheduleProbe(in: firstProbe, context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): isAnswering = head.status.code >= 200
        case .body: break
        case .end:
            isAnswering = false
            // What is no request is answered as well.
            requests = max(0, requests - 1)
            if isInputClosed { scheduleProbe(in: firstProbe, context) }
        }
        context.write(data, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        probe?.cancel()
        probe = nil
    }

    private func scheduleProbe(in time: TimeAmount, _ context: ChannelHandlerContext) {
        probe?.cancel()
        probe = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.sendProbe(context) }
    }

    private func sendProbe(_ context: ChannelHandlerContext) {
        probe = nil
        // What is being answered needs none: its own bytes tell.
        guard canProbe, requests > 0, context.channel.isActive else { return }
        if !isAnswering {
            let response = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(response)), promise: nil)
        }
        scheduleProbe(in: Self.interval, context)
    }
}
