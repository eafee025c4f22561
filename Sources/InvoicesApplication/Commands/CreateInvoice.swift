import EventSourcing
package import InvoicesDomain

/// Makes out an invoice to a customer, as a draft or issued at once.
package struct CreateInvoice: Command {
    package static let name = "invoices.invoice.create"

    package let invoice: NewInvoice

    package init(_ invoice: NewInvoice) { self.invoice = invoice }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice.id, presumingNew: true) {
            try $0.create(invoice, at: invoicing.context.now, in: invoicing.calendar)
        }
    }
}
