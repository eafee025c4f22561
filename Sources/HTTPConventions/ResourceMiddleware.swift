import Hummingbird

/// The conventions of resources: conditional reads, preferences and idempotency keys.
///
/// Each of them begins with a header that most requests do not have. A request with none of these headers passes here once,
/// and not three times.
struct ResourceMiddleware: RouterMiddleware {
    let idempotency: IdempotencyMiddleware
    private let conditions = IfNoneMatchMiddleware()
    private let preferences = PreferMiddleware()

    init(idempotency: IdempotencyMiddleware) { self.idempotency = idempotency }

    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let headers = request.headers
        if headers[.ifNoneMatch] == nil, headers[.prefer] == nil, headers[.idempotencyKey] == nil {
            return try await next(request, context)
        }
        return try await conditions.handle(request, context: context) { request, context in
            try await preferences.handle(request, context: context) { request, context in
                try await idempotency.handle(request, context: context, next: next)
            }
        }
    }
}
