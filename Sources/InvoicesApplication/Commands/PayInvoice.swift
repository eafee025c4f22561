package import EventSourcing
package import InvoicesDomain

/// Pays an invoice in full.
package struct PayInvoice: Command {
    package static let name = "invoices.invoice.pay"

    package let invoice: InvoiceID
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(_ invoice: InvoiceID, expecting: ExpectedRevision? = nil) {
        self.invoice = invoice
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) { try $0.pay(at: invoicing.context.now) }
    }
}
