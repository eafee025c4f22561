package import EventSourcing
package import HTTPConventions
import HTTPTypes
import InvoicesApplication
package import InvoicesDomain

extension ProblemCatalog {
    /// The problems that the invoices' API answers with.
    package static let invoices = ProblemCatalog(
        of: ResourceName("invoice", article: "an"), notFound: .invoiceNotFound,
        kinds: [
            .invoiceNotFound, .invoiceAlreadyExists, .invoiceAlreadyPaid, .actionNotAllowed, .paymentTooLarge,
            .paymentAlreadyExists, .paymentNotFound, .paymentAlreadyReversed, .refundTooLarge, .invoiceSetAside,
        ] + ProblemKind.ofWebhooks
    ) { error in
        switch error {
        case let error as InvoiceError: Problem(error)
        case is UndecodableEvent, is UnreadableInvoice, is InvoiceSetAside:
            // It takes an operator, and not a moment.
            Problem(.invoiceSetAside, headers: [.retryAfter: "60"])
        default: Problem(ofWebhooks: error)
        }
    }
}

extension InvoicesAPI {
    /// What is stored of a refusal: that the invoice's rules do not allow what was asked. A mistake in the request itself,
    /// or an invoice that does not exist, is found again when the request is repeated.
    package static func written(_ refusal: InvoiceError, in context: MessageContext) -> [UInt8]? {
        let problem = Problem(refusal)
        guard problem.kind.status == .conflict else { return nil }
        return StoredProblem(problem, correlationID: context.correlationID).bytes
    }
}

extension Problem {
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
        case .paymentAlreadyExists(let id):
            self.init(
                .paymentAlreadyExists,
                "The invoice has a payment \(id) with other contents. Use another id, or leave it out.",
                errors: [ProblemError(.member("id"), .contradiction, "Send an id that no payment of the invoice has.")])
        case .paymentNotFound:
            self.init(.paymentNotFound)
        case .paymentAlreadyReversed:
            self.init(.paymentAlreadyReversed)
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
        case .issueDateOutOfRange(_, let allowed):
            self = .validationFailed([
                ProblemError(
                    .member("issueDate"), .outOfRange,
                    """
                    Send a day from \(allowed.lowerBound) to today, \(allowed.upperBound), or leave it out for today.
                    """)
            ])
        case .amountOutOfRange(let total, let largest):
            self = .validationFailed([
                ProblemError(
                    .member("lines"), .outOfRange,
                    "The total is \(total). Send lines whose total is between 1 and \(largest) minor units.")
            ])
        case .linesRefused(let faults):
            self = .validationFailed(faults.map(ProblemError.init))
        case .nothingToRound:
            self = .validationFailed([
                ProblemError(
                    .member("roundingRule"), .contradiction,
                    "Of a plain amount nothing is computed. Send lines, or leave the rounding rule out.")
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
}

extension ProblemError {
    fileprivate init(_ fault: InvoiceLineFault) {
        switch fault {
        case .outOfRange(let line, let net):
            let largest = Money.largestInvoice
            self.init(
                .body("/lines/\(line)"), .outOfRange,
                "The line comes to \(net) before tax. Send one between -\(largest) and \(largest) minor units.")
        case .creditTooLarge(let line, let taxRate, let net):
            self.init(
                .body("/lines/\(line)"), .creditTooLarge,
                """
                The lines of the tax rate \(taxRate) come to \(net) with what is taken off. Take off at most what the other \
                lines of the same rate come to.
                """)
        case .negativeTax(let taxRate, let tax):
            self.init(
                .member("lines"), .creditTooLarge,
                """
                The taxes of the lines of the tax rate \(taxRate) come to \(tax), because each of them is rounded. Take off \
                less, or choose the rounding rule \(RoundingRule.rateHalfUp.rawValue).
                """)
        }
    }
}
