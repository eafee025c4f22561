import HTTPTypes
import Hummingbird

/// Refuses a request that accepts no JSON, before it has changed anything (RFC 9110, section 12.5.1).
struct AcceptMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: InvoicesRequestContext,
        next: @concurrent (Request, InvoicesRequestContext) async throws -> Response
    ) async throws -> Response {
        if let accepted = request.headers[.accept], !Self.includesJSON(accepted) { throw Problem(.notAcceptable) }
        return try await next(request, context)
    }

    /// Whether the most specific range that covers `application/json` has a weight above zero.
    static func includesJSON(_ accept: String) -> Bool {
        let weights = accept.split(separator: ",").reduce(into: [String: Bool]()) { weights, element in
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let range = parts.first else { return }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            weights[range] = weight > 0
        }
        return weights["application/json"] ?? weights["application/*"] ?? weights["*/*"] ?? weights.isEmpty
    }
}
