import Hummingbird
import Logging

/// One log line for each request, when it is answered.
struct AccessLogMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: InvoicesRequestContext,
        next: @concurrent (Request, InvoicesRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let route = context.endpointPath ?? "NotFound"
        context.logger.log(
            level: route.hasPrefix("/health") ? .debug : .info, "Answered request",
            metadata: [
                "http.method": .string(request.method.rawValue), "http.route": .string(route),
                "http.status": "\(response.status.code)",
                "http.duration_ms": "\(Self.milliseconds(ContinuousClock.now - start))",
            ])
        return response
    }

    /// In milliseconds, to the microsecond.
    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration / .microseconds(1)).rounded() / 1_000
    }
}
