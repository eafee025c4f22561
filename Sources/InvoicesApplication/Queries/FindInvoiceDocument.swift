package import EventSourcing
package import InvoicesDomain

/// One invoice as callers read it; nil when there is none with this id.
package struct FindInvoiceDocument: Query {
    package static let name = "invoices.invoice.find_document"

    package let invoice: InvoiceID
    package let revision: Revision?

    /// - Parameter revision: with it the answer need not show what came later; nil asks for the invoice as it is.
    package init(_ invoice: InvoiceID, atLeast revision: Revision? = nil) {
        self.invoice = invoice
        self.revision = revision
    }

    package func answer(from reading: InvoiceReading) async throws -> InvoiceDocument? {
        try await reading.readModel.document(of: invoice, of: reading.tenant, atLeast: revision)
    }
}
