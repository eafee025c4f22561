package import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Serves an API over HTTP, until graceful shutdown.
///
/// It does what Hummingbird's `Application` does for a router with `RequestMiddleware`, and nothing twice: the middleware
/// makes the id of a request and its logger. The header `Date` is made with an answer; `Application` has a clock that ticks
/// each second, of which four or five wake-ups of an idle service come (the record CostOfARequest).
package struct APIServer: Service {
    private let makeServer: @Sendable () throws -> any Service

    /// - Parameters:
    ///   - router: with everything that is served.
    ///   - connections: how connections are read.
    ///   - address: to listen on.
    ///   - onServing: called with the listening channel as soon as connections are accepted.
    package init(
        _ router: Router<APIRequestContext>, connections: HTTPServerBuilder, address: BindAddress, logger: Logger,
        onServing: @escaping @Sendable (any Channel) async -> Void
    ) {
        let (responder, date) = (router.buildResponder(), HTTPDate())
        makeServer = {
            try connections.buildServer(
                configuration: ServerConfiguration(address: address),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
            ) { request, writer, channel in
                let context = APIRequestContext(
                    source: ApplicationRequestContextSource(channel: channel, logger: logger))
                var response = try await responder.respond(to: request, context: context)
                response.headers[.date] = date.now
                do {
                    try await writer.write(response: response.head, body: response.body)
                } catch let error as HTTPParserError {
                    // By its own name it would be answered once more.
                    throw RequestBroken(while: error)
                }
            } onServerRunning: {
                await onServing($0)
            }
        }
    }

    package func run() async throws { try await makeServer().run() }
}

/// A request turned out not to be HTTP while its answer was being written.
private struct RequestBroken: Error {
    let error: HTTPParserError

    init(while error: HTTPParserError) { self.error = error }
}
