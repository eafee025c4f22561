/// How an invoice stands: as a document, and as a debt. The two are apart: an invoice that was paid and refunded stays
/// closed.
///
/// Paid and due always add up to the total. A refund gives money back and changes neither. A payment that is reversed
/// is no longer paid: its amount is due again, and a closed invoice opens.
package struct InvoiceStanding: Codable, Hashable, Sendable {
    package private(set) var state: InvoiceState
    /// What is owed in all, in minor units.
    package private(set) var total: Int64
    /// The sum of the payments that were not reversed, whatever was given back of it.
    package private(set) var paid: Int64
    /// The sum of all refunds. A refund is at most what is kept; reversing a payment afterwards can leave more refunded
    /// than is paid.
    package private(set) var refunded: Int64

    package init(state: InvoiceState, total: Int64, paid: Int64 = 0, refunded: Int64 = 0) {
        self.state = state
        self.total = total
        self.paid = paid
        self.refunded = refunded
    }

    package var due: Int64 { total - paid }

    /// What is paid and not given back: what can be refunded. Below 0 when more was refunded than is paid.
    package var kept: Int64 { paid - refunded }

    package var paymentStatus: PaymentStatus {
        switch (paid, refunded) {
        case (0, _): .unpaid
        case (_, 0): due == 0 ? .paid : .partiallyPaid
        default: kept <= 0 ? .refunded : .partiallyRefunded
        }
    }

    /// The day after which it is overdue; nil when nothing is due on any day.
    package func dueDay(of dueDate: CalendarDate?) -> CalendarDate? { state == .open && due > 0 ? dueDate : nil }
}

// MARK: - What happens to it

extension InvoiceStanding {
    mutating func revise(total: Int64) { self.total = total }

    mutating func issue() { state = .open }

    /// - Returns: whether nothing is due any more, which closes the invoice.
    mutating func receive(_ amount: Int64) -> Bool {
        paid += amount
        if due == 0 { state = .closed }
        return state == .closed
    }

    mutating func reverse(_ amount: Int64) {
        paid -= amount
        if state == .closed { state = .open }
    }

    mutating func refund(_ amount: Int64) { refunded += amount }

    mutating func void() { state = .void }
}

/// What an invoice is as a document. The raw values are stored, and are what the API answers.
package enum InvoiceState: String, CaseIterable, Codable, Sendable {
    /// Not sent yet, and can be changed.
    case draft
    /// Issued, and something of it is due.
    case open
    /// Paid in full, whatever was given back since. It opens again when a payment is reversed.
    case closed
    /// Withdrawn. If it was issued it keeps its number.
    case void
}

/// What has become of the money. The raw values are stored, and are what the API answers.
package enum PaymentStatus: String, CaseIterable, Sendable {
    /// Nothing was paid, or every payment was reversed.
    case unpaid
    case partiallyPaid = "partially_paid"
    case paid
    /// Some of what was paid was given back, whether all was paid or not.
    case partiallyRefunded = "partially_refunded"
    /// All that was paid was given back.
    case refunded
}
