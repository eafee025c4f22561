import HTTPTypes
package import Hummingbird

/// Answers a write without a body where the caller prefers that: `Prefer: return=minimal` (RFC 7240, section 4.2).
///
/// The headers stay: the location, the tag and the consistency token. A write that reads
/// cannot show yet is answered by 202 as ever, for its body says what to do. An answer that has followed the preference
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

    /// The first `return` of the preferences; nil when there is none, or none that is known. What is not
    /// understood is no reason to refuse a request.
    fileprivate init?(preferredIn text: String) {
        for preference in text.split(separator: ",") {
            let parts = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map { part in
                part.filter { !" \t\"".contains($0) }.lowercased()
            }
            guard parts.first == "return" else { continue }
            guard parts.count == 2, let value = Self(rawValue: parts[1]) else { return nil }
            self = value
            return
        }
        return nil
    }
}

extension Request {
    /// What the caller wants a write to return; nil when it does not say.
    package var preferredReturn: PreferredReturn? { headers[.prefer].flatMap(PreferredReturn.init(preferredIn:)) }
}
