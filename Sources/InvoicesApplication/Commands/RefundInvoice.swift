package import EventSourcing
package import InvoicesDomain

/// Gives back all that is kept of an invoice's payments, or a part of it.
package struct RefundInvoice: Command {
    package static let name = "invoices.invoice.refund"

    package let invoice: InvoiceID
    /// In minor units; nil for all that is kept.
    package let amount: Int64?
    package let reason: Reason?
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(
        _ invoice: InvoiceID, amount: Int64? = nil, because reason: Reason? = nil, expecting: ExpectedRevision? = nil
    ) {
        self.invoice = invoice
        self.amount = amount
        self.reason = reason
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) {
            try $0.refund(amount, because: reason, at: invoicing.context.now)
        }
    }
}
