import EventSourcing
import HTTPTypes
import Hummingbird
import InvoicesDomain
import NIOHTTP1

extension Problem {
    /// What a caller is told of an error: the one place where errors become problems.
    ///
    /// An error that nobody foresaw is the service's own failure, and none of it is told.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem:
            self = problem
        case let error as InvoiceError:
            self.init(error)
        case let error as JSONSyntaxError:
            self.init(.malformedJSON, "Line \(error.line), column \(error.column): \(error.reason).")
        case let error as HTTPParserError:
            self.init(refusedBy: error)
        case is CommandIDReused:
            self.init(.idempotencyKeyReused)
        case is ReadModelBehind:
            self.init(.readModelBehind, headers: .retryAfter)
        case let error as any CategorizedError where error.category == .transient:
            self.init(.unavailable, headers: .retryAfter)
        case is CancellationError:
            self.init(.unavailable, headers: .retryAfter)
        case let error as any CategorizedError where error.category == .conflict:
            self.init(.concurrentChange)
        case let error as any HTTPResponseError:
            self.init(status: error.status)
        default:
            self.init(.internalError)
        }
    }

    init(_ error: InvoiceError) {
        switch error {
        case .notFound:
            self.init(.invoiceNotFound)
        case .alreadyExists:
            self.init(.invoiceAlreadyExists)
        case .notAllowed(.pay, let standing, let allowed) where standing.state == .closed:
            self.init(.invoiceAlreadyPaid, Self.refusal(of: .pay, standing, allowed))
        case .notAllowed(let action, let standing, let allowed):
            self.init(.actionNotAllowed, Self.refusal(of: action, standing, allowed))
        case .paymentOutOfRange(let amount, let due):
            self.init(
                .paymentTooLarge, "\(amount) are to be paid, and \(due) are due. Pay at most that.",
                errors: [Self.amount(atMost: due)])
        case .refundOutOfRange(let amount, let refundable):
            self.init(
                .refundTooLarge, "\(amount) are to be refunded, and \(refundable) can be. Refund at most that.",
                errors: [Self.amount(atMost: refundable)])
        case .paymentTimeOutOfRange(_, let latest):
            self = .validationFailed([
                ProblemError(
                    .member("paidAt"), .outOfRange,
                    "Send a time since 1970 that is not more than a day ahead, not after \(RFC3339.string(from: latest))."
                )
            ])
        case .amountOutOfRange(let total, let largest):
            self = .validationFailed([
                ProblemError(
                    .member("lines"), .outOfRange,
                    "The total is \(total). Send lines whose total is between 1 and \(largest) minor units.")
            ])
        case .wrongNumberOfLines(let count):
            let counts = InvoiceContents.lineCounts
            self = .validationFailed([
                ProblemError(
                    .member("lines"), .outOfRange,
                    "Send \(counts.lowerBound) to \(counts.upperBound) lines. These are \(count).")
            ])
        }
    }

    private static func amount(atMost most: Int64) -> ProblemError {
        ProblemError(
            .member("amount"), .outOfRange, "Send at most \(most), in minor units, or leave it out for all of that.")
    }

    private static func refusal(
        of action: InvoiceAction, _ standing: InvoiceStanding, _ allowed: [InvoiceAction]
    ) -> String {
        let found = "The invoice is \(standing.state.rawValue) and \(standing.paymentStatus.rawValue)"
        guard !allowed.isEmpty else { return "\(found), and can only be read." }
        let actions = allowed.map(\.rawValue).joined(separator: ", ")
        return "\(found), which does not allow \(action.rawValue). It allows: \(actions)."
    }

    /// What Hummingbird itself refuses a request with.
    private init(status: HTTPResponse.Status) {
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
    static var retryAfter: HTTPFields { [.retryAfter: "1"] }
}
