package import EventSourcing
package import InvoicesDomain

/// Takes a payment: of all that is due, or of a part of it.
package struct PayInvoice: Command {
    package static let name = "invoices.invoice.pay"

    package let invoice: InvoiceID
    package let payment: Payment
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(_ invoice: InvoiceID, _ payment: Payment, expecting: ExpectedRevision? = nil) {
        self.invoice = invoice
        self.payment = payment
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) { try $0.pay(payment, at: invoicing.context.now) }
    }
}
