package import FoundationEssentials
import Hummingbird
package import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

extension HTTPServerBuilder {
    /// HTTP/1.1 within the limits of ``RequestLimits`` and of `limits`, in which what is no request is answered with a
    /// problem, and a request whose client has gone is cancelled.
    ///
    /// Requests are handled on Swift's own threads. On the event loop of their connection a bare request is a quarter
    /// slower, and no other is faster (the record CostOfARequest).
    ///
    /// - Parameter makeID: makes the ids of requests that are refused before they are handled.
    package static func api(
        limits: ConnectionLimits = ConnectionLimits(), makeID: @escaping @Sendable () -> UUID
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { respond in
            ConnectionChannel(limits: limits, makeID: makeID) { request, writer, channel in
                guard request.headers[.expect] != nil else { return try await respond(request, writer, channel) }
                var request = request
                request.body = RequestBody(asyncSequence: AwaitedBody(body: request.body, channel: channel))
                try await respond(request, writer, channel)
            }
        }
    }
}

/// Connections of HTTP/1.1 with a ``ConnectionHandler`` each.
private struct ConnectionChannel: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let limits: ConnectionLimits
    let makeID: @Sendable () -> UUID
    let responder: Responder

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var parserLimits = NIOHTTPDecoderLimitConfiguration()
            parserLimits.maxHeaderFieldSize = RequestLimits.headersSize
            parserLimits.maxHeaderListSize = RequestLimits.headersSize
            parserLimits.maxHeaderFieldCount = RequestLimits.headerCount
            let connection = ConnectionHandler(limits: limits, makeID: makeID)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ConnectionBytesHandler(connection))
            // Requests are handled one after the other by the loop that reads them, and headers are valid by their types.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(), withDecoderLimitConfiguration: parserLimits)
            try pipeline.addHandler(connection)
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    /// Handles the requests of a connection. A request in progress is cancelled when the connection closes.
    func handle(value: Value, logger: Logger) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await handleHTTP(asyncChannel: value, logger: logger) }
            try? await value.channel.closeFuture.get()
            group.cancelAll()
        }
    }
}

/// A body that the client sends once it is asked for it (RFC 9110, section 10.1.1). It is asked when the body is read.
private struct AwaitedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: RequestBody
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var body: RequestBody.AsyncIterator
        fileprivate var channel: (any Channel)?

        @concurrent mutating func next() async throws -> ByteBuffer? {
            if let channel {
                self.channel = nil
                try await channel.triggerUserOutboundEvent(BodyIsAwaited())
            }
            return try await body.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator(), channel: channel)
    }
}
