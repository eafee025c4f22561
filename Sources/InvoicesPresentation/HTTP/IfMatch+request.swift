import EventSourcing
import HTTPTypes
import Hummingbird
import InvoicesDomain

/// What `If-Match` asks of an invoice's revision (RFC 9110, section 13.1.1).
enum IfMatch: Hashable {
    /// `*`: any, as long as there is one.
    case any
    /// One of these. Weak tags and those that this service never made are not among them, for they match nothing.
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

extension Request {
    /// The condition of `If-Match`; nil when there is none.
    ///
    /// - Throws: a ``Problem`` when the header is malformed.
    func ifMatch() throws(Problem) -> IfMatch? {
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
    /// A list is tried from its highest revision; the refusal tells which one the invoice has, and if that stands in
    /// the list, it is the next to try. An invoice only moves forwards, so that this ends.
    ///
    /// - Throws: a ``Problem`` when the invoice has none of the revisions; else what `write` throws.
    func satisfied<Outcome>(_ write: (ExpectedRevision?) async throws -> Outcome) async throws -> Outcome {
        guard case .oneOf(var revisions) = self else { return try await write(nil) }
        // A revision that no stream has, so that the refusal tells the one that it has.
        var revision = revisions.max() ?? Revision(-1)
        while true {
            do {
                return try await write(.exactly(revision))
            } catch let conflict as WrongExpectedRevision {
                guard let actual = conflict.actual else { throw InvoiceError.notFound }
                revisions.remove(revision)
                guard revisions.contains(actual) else { throw Problem.preconditionFailed(actual: actual) }
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

extension Problem {
    fileprivate static func preconditionFailed(actual: Revision) -> Problem {
        Problem(
            .preconditionFailed,
            "The invoice is at revision \(actual), which If-Match does not name. Read it again and decide anew.",
            headers: [.eTag: EntityTag.text(for: actual)])
    }
}
