import EventSourcing
import FoundationEssentials
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers a request that the parser refuses with a problem: one that is not HTTP, or is too large.
///
/// The server answers such a request with a bare 400 and closes the connection; this handler makes that answer a problem.
/// Each connection has one, between the parser and the server.
final class ParserRefusalHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let makeID: @Sendable () -> UUID
    private var error: HTTPParserError?

    init(makeID: @escaping @Sendable () -> UUID) { self.makeID = makeID }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.error = error as? HTTPParserError ?? self.error
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // The server's own answer has no body and no type; an answer of the service that is under way has them.
        guard let error, case .head(let head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headerFields[.contentType] == nil
        else { return context.write(data, promise: promise) }
        self.error = nil
        let id = makeID()
        let (answer, body) = Problem(refusedBy: error).parts(correlationID: id.text)
        var response = answer
        response.headerFields[.connection] = "close"
        response.headerFields[.requestID] = id.text
        response.headerFields[.contentLength] = "\(body.count)"
        TraceContext(id: id).addHeaders(to: &response.headerFields, spanID: makeID())
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: promise)
    }
}

extension Problem {
    /// What a caller is told whose request the parser refuses.
    init(refusedBy error: HTTPParserError) {
        switch error {
        case .headerOverflow: self.init(.headersTooLarge)
        case .invalidMethod: self.init(.methodNotImplemented)
        default: self.init(.badRequest, "The request is not HTTP: \(error).")
        }
    }
}
