package import EventSourcing
package import InvoicesDomain

/// Withdraws an invoice: a draft, or an open one of which no payment is kept.
package struct VoidInvoice: Command {
    package static let name = "invoices.invoice.void"

    package let invoice: InvoiceID
    package let reason: Reason
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(
        _ invoice: InvoiceID, because reason: Reason, expecting: ExpectedRevision? = nil
    ) {
        self.invoice = invoice
        self.reason = reason
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) {
            try $0.void(because: reason, at: invoicing.context.now)
        }
    }
}
