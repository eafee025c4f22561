/// What can be done with an invoice that exists. The raw values are what the API answers.
package enum InvoiceAction: String, CaseIterable, Sendable {
    case revise, issue, pay, refund, void
}

/// Which invoices can be treated alike: the document's state, and where it matters, the money.
package enum InvoiceSituation: CaseIterable, Hashable, Sendable {
    case draft
    case openUnpaid
    /// Some of the total was paid, and some of that is kept.
    case openPartlyPaid
    /// Some of the total was paid, and all of that was given back.
    case openRefunded
    /// All was paid, and some of that is kept.
    case closedKept
    /// All was paid, and all was given back.
    case closedRefunded
    case void

    /// The transition table: what each situation allows, and nothing else is.
    ///
    /// Only a draft is revised and issued. An open invoice is paid until nothing is due. What is kept of payments can be
    /// given back, and while something is kept an invoice cannot be voided: refund it first. What is closed or void
    /// stays so.
    package var allowed: [InvoiceAction] {
        switch self {
        case .draft: [.revise, .issue, .void]
        case .openUnpaid: [.pay, .void]
        case .openPartlyPaid: [.pay, .refund]
        case .openRefunded: [.pay, .void]
        case .closedKept: [.refund]
        case .closedRefunded: []
        case .void: []
        }
    }
}

extension InvoiceStanding {
    package var situation: InvoiceSituation {
        switch state {
        case .draft: .draft
        case .open where paid == 0: .openUnpaid
        case .open: kept == 0 ? .openRefunded : .openPartlyPaid
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
