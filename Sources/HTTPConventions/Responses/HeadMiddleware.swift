import Hummingbird

/// Answers HEAD without a body, whoever answers: a problem, too, says only how long it would be (RFC 9110, section
/// 9.3.2). The body would be taken for the next answer on the connection.
struct HeadMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        return request.method == .head ? response.createHeadResponse() : response
    }
}
