import EventSourcing
package import FoundationEssentials

/// A payment that an invoice has received. Read models store it: a new member is optional, or has a default.
package struct ReceivedPayment: Codable, Hashable, Sendable {
    package let id: PaymentID
    /// In minor units of the invoice's currency.
    package let amount: Int64
    /// A ``PaymentMethod``, if it is known.
    package let method: String?
    /// What the payer or the bank knows the payment by.
    package let reference: String?
    package let paidAt: Date
    /// When the payment was reversed; nil for a payment that was not.
    package private(set) var reversedAt: Date?
    package private(set) var reversalReason: String?

    /// Nil for an event without a payment's id. Every event that was read from a store has one.
    init?(_ payment: InvoicePaymentReceived) {
        guard let id = payment.paymentId else { return nil }
        self.id = id
        amount = payment.amount
        method = payment.method
        reference = payment.reference
        paidAt = payment.paidAt
    }

    package var isReversed: Bool { reversedAt != nil }

    mutating func reverse(_ reversal: InvoicePaymentReversed) {
        reversedAt = reversal.reversedAt
        reversalReason = reversal.reason
    }

    /// Whether the request describes this payment. An amount or a time that the request leaves out is not compared,
    /// because it stands for what was due or for the time of the first request. Times are compared as they are stored,
    /// to the microsecond.
    func isStated(by payment: Payment) -> Bool {
        (payment.amount ?? amount) == amount && payment.method?.rawValue == method
            && payment.reference?.rawValue == reference
            && payment.paidAt.map { RFC3339.string(from: $0) == RFC3339.string(from: paidAt) } ?? true
    }
}
