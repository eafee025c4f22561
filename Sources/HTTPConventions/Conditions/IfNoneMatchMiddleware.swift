import HTTPTypes
import Hummingbird

/// Answers `If-None-Match` (RFC 9110, section 13.1.2).
///
/// A read whose answer the caller already has is answered by 304. On a write the condition is about the resource, like that
/// of `If-Match`. A resource that is being created has no state that could match, so the condition holds. An action on
/// one that exists is refused: `*` never holds there, and an append cannot insist on a revision that is *not* the present
/// one, so the write could do what the caller meant to exclude.
struct IfNoneMatchMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let text = request.headers[.ifNoneMatch] else { return try await next(request, context) }
        guard let known = EntityTags(text) else {
            throw Problem.invalidParameters([.invalidEntityTag(in: "If-None-Match")])
        }
        guard request.isRead else {
            guard context.parameters.get("id") == nil else { throw PreconditionFailed.neverMet }
            return try await next(request, context)
        }
        let response = try await next(request, context)
        return response.status == .ok ? response.unlessKnown(by: known) : response
    }
}

extension Response {
    /// The answer itself, or 304 when it has not changed since the caller got it.
    fileprivate func unlessKnown(by known: EntityTags) -> Response {
        var kept = headers
        if case .list(let tags) = known {
            guard case .list(let present)? = headers[.eTag].flatMap(EntityTags.init),
                let match = tags.first(where: { $0.weaklyMatches(present[0]) })
            else { return self }
            // The caller's own tag, which may be that of a compressed answer.
            kept[.eTag] = "\"\(match.content)\""
        }
        kept[.contentType] = nil
        kept[.link] = nil
        var response = Response(status: .notModified, headers: kept)
        response.headers[.contentLength] = nil
        return response
    }
}
