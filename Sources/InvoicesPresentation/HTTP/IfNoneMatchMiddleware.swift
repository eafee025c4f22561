import HTTPTypes
import Hummingbird

/// Answers `If-None-Match` (RFC 9110, section 13.1.2).
///
/// A read whose answer the caller has already is answered by 304. On writes the condition is about the invoice, as that
/// of `If-Match` is. One that is still to be made has no state that could match, so that creating it always goes ahead.
/// An action on one that exists is refused: `*` can never hold there, and that a revision is *not* the present one is
/// nothing that an append can insist on, so that going ahead could do what the caller meant to exclude.
struct IfNoneMatchMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: InvoicesRequestContext,
        next: @concurrent (Request, InvoicesRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let text = request.headers[.ifNoneMatch] else { return try await next(request, context) }
        guard let known = EntityTags(text) else {
            throw Problem.invalidParameters([.invalidEntityTag(in: "If-None-Match")])
        }
        guard request.isRead else {
            guard context.parameters.get("id") == nil else { throw Problem(.preconditionFailed, Self.advice) }
            return try await next(request, context)
        }
        let response = try await next(request, context)
        return response.status == .ok ? response.unlessKnown(by: known) : response
    }

    private static let advice = """
        If-None-Match is never met by an action on an invoice. Leave it out, or name the state that the invoice must \
        have in If-Match.
        """
}

extension Response {
    /// The answer itself, or that nothing has changed since the caller has got it.
    fileprivate func unlessKnown(by known: EntityTags) -> Response {
        var kept = headers
        if case .list(let tags) = known {
            guard case .list(let present)? = headers[.eTag].flatMap(EntityTags.init),
                let match = tags.first(where: { $0.weaklyMatches(present[0]) })
            else { return self }
            // As the caller has it, for that may be the tag of a compressed answer.
            kept[.eTag] = "\"\(match.content)\""
        }
        kept[.contentType] = nil
        kept[.link] = nil
        var response = Response(status: .notModified, headers: kept)
        response.headers[.contentLength] = nil
        return response
    }
}
