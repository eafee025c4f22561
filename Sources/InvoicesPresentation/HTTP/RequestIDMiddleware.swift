import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging

/// Gives every request a name that its answer, its log lines and its events carry.
struct RequestIDMiddleware: RouterMiddleware {
    let makeID: @Sendable () -> UUID

    func handle(
        _ request: Request, context: InvoicesRequestContext,
        next: @concurrent (Request, InvoicesRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let id = request.headers[.requestID].flatMap(Self.accepted) ?? makeID().text
        context.correlationID = id
        context.logger[metadataKey: "correlation.id"] = "\(id)"
        var response = try await withLogger(context.logger) { _ in try await next(request, context) }
        response.headers[.requestID] = id
        return response
    }

    /// The id if it is visible ASCII of a sane length. Anything else is not worth a refusal, but must not reach a log.
    private static func accepted(_ id: String) -> String? {
        RequestLimits.requestID.contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? id : nil
    }
}
