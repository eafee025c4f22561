import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging

/// What happens to every request, around its route: it gets an id, a position in a trace and a
/// ``/EventSourcing/MessageContext``, an error becomes a problem, the answer is compressed if the caller accepts that, and one
/// line goes to the log.
///
/// The id is `X-Request-ID`; it is the correlation id of everything that the request causes. A request without one has the
/// id of the caller's trace, so that its events are found by the trace's id. A request with neither gets a UUID, whose
/// digits are the id of the trace that begins with it.
///
/// One middleware does all of this, because each one costs every request a call through a closure and an allocation.
struct RequestMiddleware: RouterMiddleware {
    typealias Context = APIRequestContext

    let catalog: ProblemCatalog
    let routes: RouteTable
    let edge: MessageEdge
    let makeID: @Sendable () -> UUID

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let id = makeID()
        let callersTrace = TraceContext(of: request.headers)
        let trace = callersTrace ?? TraceContext(id: id)
        var context = context
        context.receivedAt = edge.now()
        context.correlationID = request.headers[.requestID].flatMap(Self.accepted) ?? callersTrace?.traceID ?? id.text
        context.logger[metadataKey: "correlation.id"] = .string(context.correlationID)
        let traceparent = trace.traceparent(spanID: id)
        context.traceparent = traceparent
        context.logger[metadataKey: "trace.id"] = .string(trace.traceID)

        var response: Response
        do {
            try request.checkExpectation()
            let message = context.message(for: edge.tenant, from: edge.source)
            response = try await withLogger(context.logger) { [context] _ in
                try await MessageContext.$current.withValue(message) { try await next(request, context) }
            }
        } catch {
            response = answer(to: error, request, context)
        }
        try await response.compress(for: request)
        // A problem, too, is answered to HEAD without a body (RFC 9110, section 9.3.2): the client would take it for the
        // next answer on the connection.
        if request.method == .head { response = response.createHeadResponse() }
        log(response, to: request, context, after: ContinuousClock.now - start)
        response.headers[.requestID] = context.correlationID
        trace.addHeaders(to: &response.headers, traceparent: traceparent)
        // The parser reads nothing more from a connection on which another protocol was asked for, and the next request
        // would wait for ever. Clients that try HTTP/2 in clear text, as Java's does by default, ask with every request.
        // A server may ignore `Upgrade` (RFC 9110, section 7.8); ``ConnectionHandler`` closes the connection.
        if request.headers[.upgrade] != nil { response.headers[.connection] = "close" }
        return response
    }

    /// The id if it is visible ASCII of a sane length. Anything else is not worth a refusal, but must not reach a log.
    private static func accepted(_ id: String) -> String? {
        RequestLimits.requestID.contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? id : nil
    }
}

// MARK: - Problems

extension RequestMiddleware {
    /// Logs what is the service's own failure, once.
    private func answer(to error: any Error, _ request: Request, _ context: Context) -> Response {
        // The router's own error: a route that finds nothing throws a problem.
        if let error = error as? HTTPError, error.status == .notFound { return answerUnrouted(request, context) }
        let problem = catalog.problem(for: error)
        if error is CancellationError {
            context.logger.info("Request was given up, since its client has gone or the service stops")
        } else if problem.kind.status.kind == .serverError {
            context.logger.log(
                level: problem.kind == .internalError ? .error : .warning, "Request failed",
                metadata: ["error": "\(error)", "problem.code": "\(problem.kind.code)"])
        }
        return problem.response(correlationID: context.correlationID)
    }

    /// The path has no route, or none with this method.
    private func answerUnrouted(_ request: Request, _ context: Context) -> Response {
        let methods = routes.methods(at: request.uri.path)
        let allow: HTTPFields = [.allow: methods.map(\.rawValue).joined(separator: ", ")]
        if methods.isEmpty { return Problem.nothing(at: request).response(correlationID: context.correlationID) }
        if request.method == .options { return Response(status: .noContent, headers: allow) }
        return Problem(.methodNotAllowed, headers: allow).response(correlationID: context.correlationID)
    }
}

// MARK: - The access log

extension RequestMiddleware {
    private func log(_ response: Response, to request: Request, _ context: Context, after duration: Duration) {
        let route = context.endpointPath ?? "NotFound"
        let level: Logger.Level = route.hasPrefix("/health") ? .debug : .info
        guard level >= context.logger.logLevel else { return }
        context.logger.log(
            level: level, "Answered request",
            metadata: [
                "http.method": .string(request.method.rawValue), "http.route": .string(route),
                "http.status": .string(String(response.status.code)),
                "http.duration_ms": .string(Self.milliseconds(duration)),
            ])
    }

    /// In milliseconds, to the microsecond.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return String(Double(microseconds) / 1_000)
    }
}
