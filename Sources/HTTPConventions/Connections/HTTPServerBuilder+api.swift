package import FoundationEssentials
package import HummingbirdCore

/// Where requests are handled.
package enum RequestExecutor: String, CaseIterable, Sendable {
    /// Swift's own pool of threads.
    case global
    /// The event loop of the request's connection.
    case eventLoop
}

extension HTTPServerBuilder {
    /// HTTP/1.1 with the limits of ``RequestLimits``, in which a request that the parser refuses is answered with a problem.
    ///
    /// - Parameters:
    ///   - executor: where requests are handled.
    ///   - makeID: makes the ids of requests that the parser refuses.
    package static func api(
        handlingRequestsOn executor: RequestExecutor = .global, makeID: @escaping @Sendable () -> UUID
    ) -> HTTPServerBuilder {
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [LastAnswerHandler(), ParserRefusalHandler(makeID: makeID)],
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: RequestLimits.headersSize, maxHeaderListSize: RequestLimits.headersSize,
                maxHeaderFieldCount: RequestLimits.headerCount))
        return HTTPServerBuilder { responder in
            let channel = HTTP1Channel(responder: responder, configuration: configuration)
            switch executor {
            case .global: return channel
            case .eventLoop: return EventLoopChannel(channel: channel)
            }
        }
    }
}
