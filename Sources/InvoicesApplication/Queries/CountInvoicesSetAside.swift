import EventSourcing

/// How many invoices have events that could not be applied, so that lists and statements lack what those say.
package struct CountInvoicesSetAside: Query {
    package static let name = "invoices.invoice.count_set_aside"

    package init() {}

    package func answer(from reading: InvoiceReading) async throws -> Int64 {
        try await reading.readModel.setAside(of: reading.tenant)
    }
}
