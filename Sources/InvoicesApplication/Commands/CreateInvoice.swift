import EventSourcing
package import InvoicesDomain

/// Makes out an invoice to a customer.
package struct CreateInvoice: Command {
    package static let name = "invoices.invoice.create"

    package let draft: NewInvoice

    package init(_ draft: NewInvoice) { self.draft = draft }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(draft.id) { try $0.create(draft, at: invoicing.context.now) }
    }
}
