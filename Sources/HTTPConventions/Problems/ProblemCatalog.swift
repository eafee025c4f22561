import EventSourcing
package import HTTPTypes
import Hummingbird
import NIOHTTP1

/// What an API serves, as its problems call it.
package struct ResourceName: Hashable, Sendable {
    /// Such as "order".
    package let noun: String
    /// Such as "an order".
    package let withArticle: String

    package init(_ noun: String, article: String) {
        self.noun = noun
        withArticle = "\(article) \(noun)"
    }
}

/// The kinds of problems that an API answers with, and which error becomes which of them.
///
/// A context adds its own kinds and the mapping of its own errors; the errors of the libraries are mapped here.
package struct ProblemCatalog: Sendable {
    /// Every kind: those that all APIs have, then those of the context.
    package let kinds: [ProblemKind]
    private let resource: ResourceName
    private let notFound: ProblemKind
    private let mapping: @Sendable (any Error) -> Problem?

    /// - Parameters:
    ///   - resource: what the API serves.
    ///   - notFound: the kind for a resource that does not exist.
    ///   - kinds: the context's own, `notFound` among them.
    ///   - mapping: the problem for one of the context's own errors; nil for any other error.
    package init(
        of resource: ResourceName, notFound: ProblemKind, kinds: [ProblemKind],
        mapping: @escaping @Sendable (any Error) -> Problem?
    ) {
        self.resource = resource
        self.notFound = notFound
        self.kinds = ProblemKind.conventional(for: resource) + kinds
        self.mapping = mapping
    }

    /// The kind that is called so; nil when there is none.
    package func kind(code: String) -> ProblemKind? { kinds.first { $0.code == code } }

    /// What a caller is told of an error: the one place where errors become problems.
    ///
    /// An unforeseen error is the service's own failure, and its description is not told.
    package func problem(for error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        if let problem = mapping(error) { return problem }
        switch error {
        case let error as PreconditionFailed:
            return problem(for: error)
        case let error as JSONSyntaxError:
            return Problem(.malformedJSON, "Line \(error.line), column \(error.column): \(error.reason).")
        case let error as HTTPParserError:
            return Problem(refusedBy: error)
        case is RequestTimeout:
            return Problem(.requestTimeout)
        case is CommandIDReused:
            return Problem(.idempotencyKeyReused)
        case is ReadModelBehind:
            return Problem(.readModelBehind, headers: .retryAfter)
        case is StoreTimedOut, is StoreOverloaded:
            return Problem(.busy, headers: .retryAfter)
        case is AppendOutcomeUnknown:
            return Problem(.outcomeUnknown, headers: .retryAfter)
        case let error as InvalidFields:
            return .validationFailed(error.errors.map { ProblemError($0) })
        case let error as CommandRefused:
            return Problem(.validationFailed, error.reason)
        case is CancellationError:
            return Problem(.unavailable, headers: .retryAfter)
        case let error as any HTTPResponseError:
            return Problem(status: error.status)
        case let error as any CategorizedError:
            return problem(for: error.category)
        default:
            return Problem(.internalError)
        }
    }

    /// What a caller is told of an error of which only the category is known, by ``/EventSourcing/ErrorCategory/answer``.
    private func problem(for category: ErrorCategory) -> Problem {
        switch category.answer {
        case .retry where category == .conflict: Problem(.concurrentChange(of: resource))
        case .retry: Problem(.unavailable, headers: .retryAfter)
        case .refuse where category == .validation: Problem(.validationFailed, "The request breaks a rule.")
        // What is stored cannot be read, or the service is broken: not the caller's fault.
        case .refuse, .park, .stop: Problem(.internalError)
        }
    }

    private func problem(for failure: PreconditionFailed) -> Problem {
        switch failure {
        case .notFound:
            Problem(notFound)
        case .changed(let revision):
            Problem(
                .preconditionFailed(of: resource),
                """
                The \(resource.noun) is at revision \(revision), which If-Match does not name. Read it again and decide \
                anew.
                """,
                headers: [.eTag: EntityTag.text(for: revision)])
        case .neverMet:
            Problem(
                .preconditionFailed(of: resource),
                """
                If-None-Match is never met by an action on \(resource.withArticle). Leave it out, or name the state that \
                the \(resource.noun) must have in If-Match.
                """)
        }
    }
}

extension Problem {
    /// What Hummingbird itself refuses a request with.
    fileprivate init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self.init(.notFound)
        case .contentTooLarge: self.init(.bodyTooLarge)
        case .unsupportedMediaType: self.init(.unsupportedMediaType)
        case _ where status.kind == .clientError: self.init(.badRequest)
        default: self.init(.internalError)
        }
    }
}

extension HTTPFields {
    /// To try again in a second.
    package static var retryAfter: HTTPFields { [.retryAfter: "1"] }
}
