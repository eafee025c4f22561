import EventSourcing
package import InvoicesDomain

/// One invoice; nil when there is none with this id.
package struct FindInvoice: Query {
    package static let name = "invoices.invoice.find_by_id"

    package let invoice: InvoiceID

    package init(_ invoice: InvoiceID) { self.invoice = invoice }

    /// - Throws: ``InvoiceSetAside``.
    package func answer(from reading: InvoiceReading) async throws -> StoredInvoice? {
        try await reading.readModel.invoice(invoice, of: reading.tenant)
    }
}
