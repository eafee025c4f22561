import EventSourcing
package import FoundationEssentials

/// A payment that an invoice has received, as its events tell of it. It is stored in read models: a new member is
/// optional, or has a default.
package struct ReceivedPayment: Codable, Hashable, Sendable {
    package let id: PaymentID
    /// In minor units of the invoice's currency.
    package let amount: Int64
    /// A ``PaymentMethod``, if it is known.
    package let method: String?
    /// What the payer or the bank knows the payment by.
    package let reference: String?
    package let paidAt: Date
    /// When it was known that the money was not received or went back to the payer; nil for a payment that counts.
    package private(set) var reversedAt: Date?
    package private(set) var reversalReason: String?

    /// Nil for an event without an id: a store gives one to every event that it has recorded.
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

    /// Whether the payment is stated again. An amount or a time that is left out depends on when it was stated first, and
    /// is not compared. Times are compared as they are stored, to the microsecond.
    func isStated(by payment: Payment) -> Bool {
        (payment.amount ?? amount) == amount && payment.method?.rawValue == method
            && payment.reference?.rawValue == reference
            && payment.paidAt.map { RFC3339.string(from: $0) == RFC3339.string(from: paidAt) } ?? true
    }
}
