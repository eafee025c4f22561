import EventSourcing
import HTTPConventions
import HTTPTypes

extension ProblemKind {
    static let invoiceNotFound = ProblemKind(
        "invoice-not-found", .notFound, title: "There is no such invoice",
        advice: "There is no invoice with this id. GET /invoices lists those that there are.")

    static let invoiceAlreadyExists = ProblemKind(
        "invoice-already-exists", .conflict, title: "An invoice with this id exists already",
        advice: "The id belongs to an invoice with other contents. Use another id.")

    static let invoiceAlreadyPaid = ProblemKind(
        "invoice-already-paid", .conflict, title: "The invoice is paid already",
        advice: "Nothing is due: do not pay it again. What was paid can be refunded.")

    static let invoiceSetAside = ProblemKind(
        "invoice-set-aside", .serviceUnavailable, title: "The invoice cannot be read for now",
        advice: """
            An event of the invoice is one that this version of the service cannot read, so the invoice is set aside: \
            nothing is lost, and nothing can be done with it. The service's operator can mend it: "invoices projections \
            parked invoices" says what is wrong.
            """)

    static let actionNotAllowed = ProblemKind(
        "action-not-allowed", .conflict, title: "The invoice does not allow that as it stands",
        advice: "Read the invoice: its state and its payments say what can be done with it.")

    static let paymentTooLarge = ProblemKind(
        "payment-too-large", .conflict, title: "The payment is more than what is due",
        advice: "Pay at most dueAmount of the invoice, or leave the amount out to pay all of it.")

    static let paymentAlreadyExists = ProblemKind(
        "payment-already-exists", .conflict, title: "A payment with this id exists already",
        advice: "The id belongs to another payment of the invoice. Use another id, or leave it out.")

    static let paymentNotFound = ProblemKind(
        "payment-not-found", .notFound, title: "There is no such payment",
        advice: "The invoice has no payment with this id. Its payments lists those that there are.")

    static let paymentAlreadyReversed = ProblemKind(
        "payment-already-reversed", .conflict, title: "The payment is reversed already",
        advice: "Its amount is due again since then. A new payment has an id of its own.")

    static let refundTooLarge = ProblemKind(
        "refund-too-large", .conflict, title: "The refund is more than what is left of the payments",
        advice:
            "Refund at most paidAmount less refundedAmount of the invoice, or leave the amount out to refund all of it."
    )
}

extension ProblemError.Code {
    static let notAQuantity = Self("not-a-quantity")
    static let notAPrice = Self("not-a-price")
    static let creditTooLarge = Self("credit-too-large")
    static let unknownRoundingRule = Self("unknown-rounding-rule")
    static let invalidDescription = Self("invalid-description")
    static let invalidSeries = Self("invalid-series")
    static let unknownMethod = Self("unknown-method")
    static let unknownCurrency = Self("unknown-currency")
    static let withdrawnCurrency = Self("withdrawn-currency")
    static let invalidNumber = Self("invalid-number")
    static let invalidReference = Self("invalid-reference")
    static let invalidReason = Self("invalid-reason")

    /// Those that only invoices have.
    static let ofInvoices = [
        notAQuantity, notAPrice, creditTooLarge, unknownRoundingRule, invalidDescription, invalidSeries, unknownMethod,
        unknownCurrency, withdrawnCurrency, invalidNumber, invalidReference, invalidReason,
    ]
}
