import HTTPTypes

/// The kinds of problems that the API answers with. Their raw values are the codes, and stay as they are.
enum ProblemKind: String, CaseIterable, Sendable {
    case malformedJSON = "malformed-json"
    case invalidParameters = "invalid-parameters"
    case badRequest = "bad-request"
    case notFound = "not-found"
    case invoiceNotFound = "invoice-not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case invoiceAlreadyExists = "invoice-already-exists"
    case invoiceAlreadyPaid = "invoice-already-paid"
    case actionNotAllowed = "action-not-allowed"
    case paymentTooLarge = "payment-too-large"
    case refundTooLarge = "refund-too-large"
    case concurrentChange = "concurrent-change"
    case idempotencyKeyInFlight = "idempotency-key-in-flight"
    case idempotencyKeyReused = "idempotency-key-reused"
    case preconditionFailed = "precondition-failed"
    case bodyTooLarge = "body-too-large"
    case headersTooLarge = "headers-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case validationFailed = "validation-failed"
    case internalError = "internal-error"
    case methodNotImplemented = "method-not-implemented"
    case unavailable
    case readModelBehind = "read-model-behind"

    /// The problem's `type` (RFC 9457): a reference relative to the service, which can be fetched.
    var type: String { "/problems/" + rawValue }

    var status: HTTPResponse.Status {
        switch self {
        case .malformedJSON, .invalidParameters, .badRequest: .badRequest
        case .notFound, .invoiceNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .invoiceAlreadyExists, .invoiceAlreadyPaid, .actionNotAllowed, .paymentTooLarge, .refundTooLarge,
            .concurrentChange, .idempotencyKeyInFlight:
            .conflict
        case .preconditionFailed: .preconditionFailed
        case .bodyTooLarge: .contentTooLarge
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .validationFailed, .idempotencyKeyReused: .unprocessableContent
        case .internalError: .internalServerError
        case .methodNotImplemented: .notImplemented
        case .unavailable, .readModelBehind: .serviceUnavailable
        }
    }

    var title: String {
        switch self {
        case .malformedJSON: "The body is not JSON"
        case .invalidParameters: "Some parameters of the request are wrong"
        case .badRequest: "The request is not understood"
        case .notFound: "There is nothing at this path"
        case .invoiceNotFound: "There is no such invoice"
        case .methodNotAllowed: "The path does not have this method"
        case .notAcceptable: "The answer does not exist in that media type"
        case .invoiceAlreadyExists: "An invoice with this id exists already"
        case .invoiceAlreadyPaid: "The invoice is paid already"
        case .actionNotAllowed: "The invoice does not allow that as it stands"
        case .paymentTooLarge: "The payment is more than what is due"
        case .refundTooLarge: "The refund is more than what is left of the payments"
        case .concurrentChange: "Others were changing the same invoice"
        case .idempotencyKeyInFlight: "A request with this key is still being handled"
        case .idempotencyKeyReused: "The key belongs to another request"
        case .preconditionFailed: "The invoice has changed since"
        case .bodyTooLarge: "The body is too large"
        case .headersTooLarge: "The headers are too large"
        case .unsupportedMediaType: "The body has a media type that is not understood"
        case .validationFailed: "The body does not say what it should"
        case .internalError: "The service failed"
        case .methodNotImplemented: "There is no such method"
        case .unavailable: "The service cannot work for now"
        case .readModelBehind: "Reads have not caught up yet"
        }
    }

    /// What to do about it, whatever the request was. It is the detail of a problem that has nothing more to say.
    var advice: String {
        switch self {
        case .malformedJSON: "Send one JSON value (RFC 8259) in UTF-8."
        case .invalidParameters: "Correct the parameters and headers that errors names."
        case .badRequest: "Send a request as /openapi.yaml describes it."
        case .notFound: "The paths of this API are described at /openapi.yaml and /api."
        case .invoiceNotFound: "There is no invoice with this id. GET /invoices lists those that there are."
        case .methodNotAllowed: "Use one of the methods in the Allow header."
        case .notAcceptable: "The answer is application/json; accept that, or leave the Accept header out."
        case .invoiceAlreadyExists: "The id belongs to an invoice with other contents. Use another id."
        case .invoiceAlreadyPaid: "Nothing is due: do not pay it again. What was paid can be refunded."
        case .actionNotAllowed: "Read the invoice: its state and its payments say what can be done with it."
        case .paymentTooLarge: "Pay at most dueAmount of the invoice, or leave the amount out to pay all of it."
        case .refundTooLarge:
            "Refund at most paidAmount less refundedAmount of the invoice, or leave the amount out to refund all of it."
        case .concurrentChange:
            "Others were changing the invoice at the same time. Nothing was stored; try again."
        case .idempotencyKeyInFlight: "Send the request again after a moment; it is answered as the first one then."
        case .idempotencyKeyReused:
            "A request with this Idempotency-Key had another method, path or body. Send a new request with a new key."
        case .preconditionFailed: "Read the invoice again and decide anew, with its present ETag."
        case .bodyTooLarge: "Send at most \(RequestLimits.bodySize) bytes."
        case .headersTooLarge:
            "Send at most \(RequestLimits.headerCount) headers, of \(RequestLimits.headersSize) bytes all together."
        case .unsupportedMediaType: "Send JSON, with the header Content-Type: application/json."
        case .validationFailed: "Correct the members that errors names. Nothing was stored."
        case .internalError: "The request could not be handled. Report the correlation id if it happens again."
        case .methodNotImplemented: "Use a method of HTTP. OPTIONS tells which ones a path has."
        case .unavailable:
            "Something that the service depends on cannot be reached. Try again after a moment."
        case .readModelBehind:
            "Reads do not include the write of the Consistency-Token yet. Try again after a moment."
        }
    }
}
