package import HTTPTypes

/// A kind of problem (RFC 9457): what it is called, its status, and what to do about it.
///
/// The kinds here are those that any API has. A context declares its own as further static members and lists them in its
/// ``ProblemCatalog``.
package struct ProblemKind: Hashable, Sendable {
    /// Its name for programs. It never changes.
    package let code: String
    package let status: HTTPResponse.Status
    package let title: String
    /// What to do about it, whatever the request was. It is the detail of a problem that has nothing more to say.
    package let advice: String

    package init(_ code: String, _ status: HTTPResponse.Status, title: String, advice: String) {
        self.code = code
        self.status = status
        self.title = title
        self.advice = advice
    }

    /// The problem's `type`: a reference relative to the service, which can be fetched.
    package var type: String { "/problems/" + code }
}

extension ProblemKind {
    package static let malformedJSON = ProblemKind(
        "malformed-json", .badRequest, title: "The body is not JSON",
        advice: "Send one JSON value (RFC 8259) in UTF-8.")

    package static let invalidParameters = ProblemKind(
        "invalid-parameters", .badRequest, title: "Some parameters of the request are wrong",
        advice: "Correct the parameters and headers that errors names.")

    package static let badRequest = ProblemKind(
        "bad-request", .badRequest, title: "The request is not understood",
        advice: "Send a request as /openapi.yaml describes it.")

    package static let notFound = ProblemKind(
        "not-found", .notFound, title: "There is nothing at this path",
        advice: "The paths of this API are described at /openapi.yaml and /api.")

    package static let methodNotAllowed = ProblemKind(
        "method-not-allowed", .methodNotAllowed, title: "The path does not have this method",
        advice: "Use one of the methods in the Allow header.")

    package static let notAcceptable = ProblemKind(
        "not-acceptable", .notAcceptable, title: "The answer does not exist in that media type",
        advice: "The answer is application/json; accept that, or leave the Accept header out.")

    package static let requestTimeout = ProblemKind(
        "request-timeout", .requestTimeout, title: "The request did not arrive in time",
        advice: "The headers or the body took too long. Nothing was stored; send the request again, without pauses.")

    package static let idempotencyKeyInFlight = ProblemKind(
        "idempotency-key-in-flight", .conflict, title: "A request with this key is still being handled",
        advice: "Send the request again after a moment; it is answered as the first one then.")

    package static let idempotencyKeyReused = ProblemKind(
        "idempotency-key-reused", .unprocessableContent, title: "The key belongs to another request",
        advice:
            "A request with this Idempotency-Key had another method, path or body. Send a new request with a new key.")

    package static let bodyTooLarge = ProblemKind(
        "body-too-large", .contentTooLarge, title: "The body is too large",
        advice: "Send at most \(RequestLimits.bodySize) bytes.")

    package static let targetTooLong = ProblemKind(
        "uri-too-long", .uriTooLong, title: "The address is too long",
        advice: "Send a path and a query of at most \(RequestLimits.targetSize) bytes together.")

    package static let headersTooLarge = ProblemKind(
        "headers-too-large", .requestHeaderFieldsTooLarge, title: "The headers are too large",
        advice: "Send at most \(RequestLimits.headerCount) headers, of \(RequestLimits.headersSize) bytes all together."
    )

    package static let unsupportedMediaType = ProblemKind(
        "unsupported-media-type", .unsupportedMediaType,
        title: "The body has a media type that is not understood",
        advice: "Send JSON, with the header Content-Type: application/json.")

    package static let expectationFailed = ProblemKind(
        "expectation-failed", .expectationFailed, title: "The request expects what the service does not do",
        advice: "Leave the Expect header out, or send Expect: 100-continue.")

    package static let validationFailed = ProblemKind(
        "validation-failed", .unprocessableContent, title: "The body does not say what it should",
        advice: "Correct the members that errors names. Nothing was stored.")

    package static let internalError = ProblemKind(
        "internal-error", .internalServerError, title: "The service failed",
        advice: "The request could not be handled. Report the correlation id if it happens again.")

    package static let methodNotImplemented = ProblemKind(
        "method-not-implemented", .notImplemented, title: "There is no such method",
        advice: "Use a method of HTTP. OPTIONS tells which ones a path has.")

    package static let transferCodingNotImplemented = ProblemKind(
        "transfer-coding-not-implemented", .notImplemented, title: "The body has a transfer coding that is not known",
        advice: "Send the body with Transfer-Encoding: chunked, or with a Content-Length.")

    package static let unavailable = ProblemKind(
        "unavailable", .serviceUnavailable, title: "The service cannot work for now",
        advice:
            "Something that the service depends on cannot be reached, or is locked or overloaded. Try again after a moment."
    )

    package static let busy = ProblemKind(
        "busy", .serviceUnavailable, title: "The request has waited too long",
        advice: """
            Somebody holds a lock on the database for long, or there is too much to do. Nothing was stored; try again \
            after a moment.
            """)

    package static let outcomeUnknown = ProblemKind(
        "outcome-unknown", .serviceUnavailable, title: "It is not known whether the request was stored",
        advice: """
            The database was lost before it had answered. Send the request again with the same Idempotency-Key, which \
            has the effect of once; without a key, first read what there is.
            """)

    package static let readModelBehind = ProblemKind(
        "read-model-behind", .serviceUnavailable, title: "Reads have not caught up yet",
        advice: "Reads do not include the write of the Consistency-Token yet. Try again after a moment.")

    /// Those that every API has, in the words of this one: they speak of what it serves.
    static func conventional(for resource: ResourceName) -> [ProblemKind] {
        [
            .malformedJSON, .invalidParameters, .badRequest, .notFound, .methodNotAllowed, .notAcceptable,
            .requestTimeout, .idempotencyKeyInFlight, .idempotencyKeyReused, .bodyTooLarge, .targetTooLong,
            .headersTooLarge, .unsupportedMediaType, .expectationFailed, .validationFailed, .internalError,
            .methodNotImplemented, .transferCodingNotImplemented, .unavailable, .busy, .outcomeUnknown,
            .readModelBehind, .concurrentChange(of: resource), .preconditionFailed(of: resource),
        ]
    }
}

extension ProblemKind {
    static func concurrentChange(of resource: ResourceName) -> ProblemKind {
        ProblemKind(
            "concurrent-change", .conflict, title: "Others were changing the same \(resource.noun)",
            advice: "Others were changing the \(resource.noun) at the same time. Nothing was stored; try again.")
    }

    static func preconditionFailed(of resource: ResourceName) -> ProblemKind {
        ProblemKind(
            "precondition-failed", .preconditionFailed, title: "The \(resource.noun) has changed since",
            advice: "Read the \(resource.noun) again and decide anew, with its present ETag.")
    }
}
