package import EventSourcing
import HTTPTypes
package import Hummingbird

/// The condition of `If-Match` on a resource's revision (RFC 9110, section 13.1.1).
package enum IfMatch: Hashable {
    /// `*`: any revision of a resource that exists.
    case any
    /// One of these. Weak tags and tags that this service never made are left out, for they match nothing.
    case oneOf(Set<Revision>)

    /// Nil when the text is neither `*` nor a list of entity tags.
    init?(_ text: String) {
        switch EntityTags(text) {
        case .any: self = .any
        case .list(let tags): self = .oneOf(Set(tags.lazy.filter { !$0.isWeak }.compactMap(\.revision)))
        case nil: return nil
        }
    }
}

/// A condition of the request does not hold (RFC 9110, section 13).
package enum PreconditionFailed: Error, Hashable {
    /// The resource does not exist.
    case notFound
    /// `If-Match` does not name the present revision.
    case changed(to: Revision)
    /// `If-None-Match` on an action never holds.
    case neverMet
}

extension Request {
    /// The condition of `If-Match`; nil when there is none.
    ///
    /// - Throws: a ``Problem`` when the header is malformed.
    package func ifMatch() throws(Problem) -> IfMatch? {
        guard let text = headers[.ifMatch] else { return nil }
        guard let condition = IfMatch(text) else {
            throw .invalidParameters([.invalidEntityTag(in: "If-Match")])
        }
        return condition
    }
}

extension IfMatch? {
    /// Writes under the condition: `write` gets the revision to insist on, or nil where any will do.
    ///
    /// A list is tried from its highest revision. The refusal names the present revision; if the list has it, it is tried
    /// next. Revisions only grow, so this ends.
    ///
    /// - Throws: ``PreconditionFailed`` when the resource has none of the revisions; else what `write` throws.
    package func satisfied<Outcome>(_ write: (ExpectedRevision?) async throws -> Outcome) async throws -> Outcome {
        guard case .oneOf(var revisions) = self else { return try await write(nil) }
        // With an empty list, a revision that no stream has: the refusal then names the present one.
        var revision = revisions.max() ?? Revision(-1)
        while true {
            do {
                return try await write(.exactly(revision))
            } catch let conflict as WrongExpectedRevision {
                guard let actual = conflict.actual else { throw PreconditionFailed.notFound }
                revisions.remove(revision)
                guard revisions.contains(actual) else { throw PreconditionFailed.changed(to: actual) }
                revision = actual
            }
        }
    }
}

extension ProblemError {
    static func invalidEntityTag(in header: String) -> ProblemError {
        ProblemError(
            .header(header), .invalidEntityTag,
            "Send an ETag with its quotes (\"3\"), several separated by commas, or *.")
    }
}
