import HTTPTypes
import Hummingbird

/// Refuses a request that does not accept the answer's media type (RFC 9110, section 12.5.1).
///
/// A write is always answered in JSON, so it is refused before it changes anything. The media type of a read is known with
/// its answer. Problems are sent whatever the caller accepts.
struct AcceptMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
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
