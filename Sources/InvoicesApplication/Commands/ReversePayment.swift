package import EventSourcing
package import InvoicesDomain

/// Reverses a payment, such as a direct debit that bounced: its amount is due again.
package struct ReversePayment: Command {
    package static let name = "invoices.invoice.reverse_payment"

    package let payment: PaymentID
    package let invoice: InvoiceID
    package let reason: Reason
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(
        _ payment: PaymentID, of invoice: InvoiceID, because reason: Reason, expecting: ExpectedRevision? = nil
    ) {
        self.payment = payment
        self.invoice = invoice
        self.reason = reason
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) {
            try $0.reverse(payment, because: reason, at: invoicing.context.now)
        }
    }
}
