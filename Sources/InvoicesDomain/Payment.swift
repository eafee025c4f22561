package import FoundationEssentials

/// Money that was received, as far as it is known.
package struct Payment: Hashable, Sendable {
    /// Which of the invoice's payments.
    package let id: PaymentID
    /// In minor units of the invoice's currency; nil for all that is due.
    package let amount: Int64?
    package let method: PaymentMethod?
    /// What the payer or the bank knows the payment by.
    package let reference: Reference?
    /// When it was paid; nil for now.
    package let paidAt: Date?

    /// How far ahead of the service's clock a payment may be, for clocks that differ: a day, in seconds.
    package static let tolerance: TimeInterval = 86_400

    package init(
        id: PaymentID, amount: Int64? = nil, method: PaymentMethod? = nil, reference: Reference? = nil,
        paidAt: Date? = nil
    ) {
        self.id = id
        self.amount = amount
        self.method = method
        self.reference = reference
        self.paidAt = paidAt
    }
}

/// How money was paid. The raw values are stored, and are what the API takes.
package enum PaymentMethod: String, CaseIterable, Sendable {
    case card
    case bankTransfer = "bank_transfer"
    case cash
    case directDebit = "direct_debit"
    case other
}
