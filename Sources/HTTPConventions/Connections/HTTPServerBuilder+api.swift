package import FoundationEssentials
package import HummingbirdCore

extension HTTPServerBuilder {
    /// HTTP/1.1 with the limits of ``RequestLimits``, in which a request that the parser refuses is answered with a problem,
    /// and one whose client has gone is cancelled.
    ///
    /// Requests are handled on Swift's own threads. On the event loop of their connection a bare request is a quarter
    /// slower, and no other is faster (the record CostOfARequest).
    ///
    /// - Parameter makeID: makes the ids of requests that the parser refuses.
    package static func api(makeID: @escaping @Sendable () -> UUID) -> HTTPServerBuilder {
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [HangUpHandler(), LastAnswerHandler(), ParserRefusalHandler(makeID: makeID)],
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: RequestLimits.headersSize, maxHeaderListSize: RequestLimits.headersSize,
                maxHeaderFieldCount: RequestLimits.headerCount))
        return HTTPServerBuilder { responder in
            HangUpChannel(http: HTTP1Channel(responder: responder, configuration: configuration))
        }
    }
}
