/// What can be done with an invoice that exists. The raw values are what the API answers.
package enum InvoiceAction: String, CaseIterable, Sendable {
    case revise, issue, pay, reverse, refund, void
}

/// Which invoices can be treated alike: the document's state, and where it matters, the money.
package enum InvoiceSituation: CaseIterable, Hashable, Sendable {
    case draft
    /// Nothing is paid, and nothing was given back.
    case openUnpaid
    /// Some of the total is paid, and some of that is kept.
    case openPartlyPaid
    /// Some of the total is paid, and as much was given back.
    case openRefunded
    /// Some of the total is paid, and more was given back, because a payment was reversed after its refund.
    case openOverRefunded
    /// Money was given back, and all payments were reversed afterwards.
    case openUnpaidRefunded
    /// All was paid, and some of that is kept.
    case closedKept
    /// All was paid, and all was given back.
    case closedRefunded
    case void

    /// The transition table: what each situation allows, and nothing else is.
    ///
    /// Only a draft is revised and issued. An open invoice is paid until nothing is due. What is kept of payments can be
    /// given back. An open invoice can be voided when exactly what is paid was given back, which may be nothing. A
    /// payment can be reversed, also after it was given back; that opens a closed invoice. A void invoice stays void.
    package var allowed: [InvoiceAction] {
        switch self {
        case .draft: [.revise, .issue, .void]
        case .openUnpaid: [.pay, .void]
        case .openPartlyPaid: [.pay, .reverse, .refund]
        case .openRefunded: [.pay, .reverse, .void]
        case .openOverRefunded: [.pay, .reverse]
        case .openUnpaidRefunded: [.pay]
        case .closedKept: [.reverse, .refund]
        case .closedRefunded: [.reverse]
        case .void: []
        }
    }
}

extension InvoiceStanding {
    package var situation: InvoiceSituation {
        switch state {
        case .draft: .draft
        case .open where paid == 0: refunded == 0 ? .openUnpaid : .openUnpaidRefunded
        case .open: kept == 0 ? .openRefunded : kept < 0 ? .openOverRefunded : .openPartlyPaid
        case .closed: kept == 0 ? .closedRefunded : .closedKept
        case .void: .void
        }
    }

    /// Refuses what the situation does not allow.
    ///
    /// - Throws: ``InvoiceError/notAllowed(_:_:allowed:)``.
    func require(_ action: InvoiceAction) throws(InvoiceError) {
        let situation = situation
        guard situation.allowed.contains(action) else {
            throw .notAllowed(action, self, allowed: situation.allowed)
        }
    }
}
