import HTTPTypes
import Hummingbird

/// Answers a request that would rather speak another protocol in HTTP/1.1, and has its connection closed after that.
///
/// A server may ignore `Upgrade` (RFC 9110, section 7.8), but the parser below the router reads nothing more from a
/// connection on which one was asked for, and the next request would wait for ever. Clients that try HTTP/2 in clear
/// text, as Java's does unless it is told not to, ask with every request. ``LastAnswerHandler`` does the closing.
struct UpgradeMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if request.headers[.upgrade] != nil { response.headers[.connection] = "close" }
        return response
    }
}
