import HTTPTypes
package import Hummingbird

/// Answers a write without a body where the caller prefers that: `Prefer: return=minimal` (RFC 7240, section 4.2).
///
/// The headers stay: the location, the tag and the consistency token. An answer that has followed the preference
/// in a way of its own, and says so, stays as it is.
struct PreferMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard !request.isRead, response.status == .ok || response.status == .created,
            response.headers[.preferenceApplied] == nil, let preferred = request.preferredReturn
        else { return response }
        if preferred == .minimal {
            response = Response(status: .noContent, headers: response.headers)
            response.headers[.contentType] = nil
            response.headers[.contentLength] = nil
        }
        response.headers[.preferenceApplied] = "return=\(preferred.rawValue)"
        return response
    }
}

/// What `Prefer` asks a write to return.
package enum PreferredReturn: String {
    case minimal
    case representation
}

extension Request {
    /// What the caller wants a write to return; nil when it does not say.
    package var preferredReturn: PreferredReturn? { preference("return").flatMap(PreferredReturn.init) }

    /// How long the caller lets a write wait for reads to show it; nil when it does not say (RFC 7240, section 4.3).
    package var preferredWait: Duration? {
        guard let text = preference("wait"), let seconds = UInt32(text) else { return nil }
        return .seconds(seconds)
    }

    /// The value of the first preference of that name; nil when there is none. What is not understood is no reason to refuse
    /// a request.
    private func preference(_ name: String) -> String? {
        for preference in (headers[.prefer] ?? "").split(separator: ",") {
            let parts = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map { part in
                part.filter { !" \t\"".contains($0) }.lowercased()
            }
            if parts.first == name { return parts.count == 2 ? parts[1] : nil }
        }
        return nil
    }
}
