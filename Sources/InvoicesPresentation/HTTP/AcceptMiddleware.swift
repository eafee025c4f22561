import HTTPTypes
import Hummingbird

/// Refuses a request that does not accept the answer's media type (RFC 9110, section 12.5.1).
///
/// A write is refused before it has changed anything; it is always answered in JSON. A read is answered in whatever it
/// finds, so that it is refused when that is known. Problems are sent to whoever has one.
struct AcceptMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: InvoicesRequestContext,
        next: @concurrent (Request, InvoicesRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let accepted = request.headers[.accept].map(WeightedList.init) else {
            return try await next(request, context)
        }
        if !request.isRead { try Self.require("application/json", in: accepted) }
        let response = try await next(request, context)
        if request.isRead, let mediaType = response.headers[.contentType] { try Self.require(mediaType, in: accepted) }
        return response
    }

    private static func require(_ mediaType: String, in accepted: WeightedList) throws(Problem) {
        guard !accepted.accepts(mediaType: mediaType) else { return }
        let name = mediaType.prefix { $0 != ";" }
        throw Problem(.notAcceptable, "The answer is \(name); accept that, or leave the Accept header out.")
    }
}
