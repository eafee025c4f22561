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

    private init(_ error: InvoiceError) {
        switch error {
        case .notFound:
            self.init(.invoiceNotFound)
        case .alreadyExists:
            self.init(.invoiceAlreadyExists)
        case .alreadyPaid:
            self.init(.invoiceAlreadyPaid)
        case .amountOutOfRange:
            self = .validationFailed([
                ProblemError(.member("amount"), .outOfRange, MemberFormat<Int64>.amount.expectation)
            ])
        }
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
