import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging

/// Gives every request a name and a place in a trace, which its answer, its log lines and its events carry.
///
/// The name is `X-Request-ID`; it is the correlation id of everything that the request sets off. A request without one
/// is named by the trace that it belongs to, so that its events are found by the trace's id; and one without either is
/// given a UUID, whose digits are the id of the trace that begins with it.
struct RequestIDMiddleware: RouterMiddleware {
    let makeID: @Sendable () -> UUID

    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let id = makeID()
        let callersTrace = TraceContext(of: request.headers)
        let trace = callersTrace ?? TraceContext(id: id)
        let name =
            request.headers[.requestID].flatMap(Self.accepted) ?? callersTrace?.traceID ?? id.text
        context.correlationID = name
        context.logger[metadataKey: "correlation.id"] = .string(name)
        context.logger[metadataKey: "trace.id"] = .string(trace.traceID)
        var response = try await withLogger(context.logger) { _ in try await next(request, context) }
        response.headers[.requestID] = name
        response.headers.append(contentsOf: trace.headers(spanID: id))
        return response
    }

    /// The id if it is visible ASCII of a sane length. Anything else is not worth a refusal, but must not reach a log.
    private static func accepted(_ id: String) -> String? {
        RequestLimits.requestID.contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? id : nil
    }
}
