import Hummingbird
import Logging

/// One log line for each request, when it is answered.
struct AccessLogMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let route = context.endpointPath ?? "NotFound"
        context.logger.log(
            level: route.hasPrefix("/health") ? .debug : .info, "Answered request",
            metadata: [
                "http.method": .string(request.method.rawValue), "http.route": .string(route),
                "http.status": .string(String(response.status.code)),
                "http.duration_ms": .string(Self.milliseconds(ContinuousClock.now - start)),
            ])
        return response
    }

    /// In milliseconds, to the microsecond.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return String(Double(microseconds) / 1_000)
    }
}
