import EventSourcing
import InvoicesDomain

/// A page of invoices, the newest first.
package struct FindAllInvoices: Query {
    package static let name = "invoices.invoice.find_all"

    package let after: InvoicePlace?
    package let limit: Int

    package init(after: InvoicePlace? = nil, limit: Int) {
        self.after = after
        self.limit = limit
    }

    package func answer(from reading: InvoiceReading) async throws -> InvoicePage {
        let invoices = try await reading.readModel.invoices(of: reading.tenant, after: after, limit: limit + 1)
        let page = Array(invoices.prefix(limit))
        let hasMore = invoices.count > limit
        return InvoicePage(
            invoices: page, next: hasMore ? page.last.map { InvoicePlace(createdAt: $0.createdAt, id: $0.id) } : nil)
    }
}

/// Some invoices, and where the next page goes on; nil at the end.
package struct InvoicePage: Hashable, Sendable {
    package let invoices: [InvoiceView]
    package let next: InvoicePlace?
}
