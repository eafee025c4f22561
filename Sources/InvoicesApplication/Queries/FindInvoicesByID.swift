import EventSourcing
package import InvoicesDomain

/// Several invoices at once, by their ids; those that there are.
package struct FindInvoicesByID: Query {
    package static let name = "invoices.invoice.find_several_by_id"

    package let invoices: [InvoiceID]

    package init(_ invoices: [InvoiceID]) { self.invoices = invoices }

    package func answer(from reading: InvoiceReading) async throws -> [InvoiceID: InvoiceView] {
        let views = try await reading.readModel.invoices(invoices, of: reading.tenant)
        return Dictionary(uniqueKeysWithValues: views.map { ($0.id, $0) })
    }
}
