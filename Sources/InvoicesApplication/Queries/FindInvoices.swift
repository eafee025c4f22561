import EventSourcing

/// A page of the invoices that meet a filter.
package struct FindInvoices: Query {
    package static let name = "invoices.invoice.find"

    package let filter: InvoiceFilter
    package let order: InvoiceOrder
    /// Where the page borders on the one before or after it; nil begins the list.
    package let edge: InvoiceEdge?
    package let limit: Int
    package let wantsTotal: Bool

    /// - Parameters:
    ///   - limit: the most invoices of the page, at least 1.
    ///   - wantsTotal: whether to count all invoices that meet the filter, which takes as long as there are many.
    package init(
        _ filter: InvoiceFilter = InvoiceFilter(), in order: InvoiceOrder = .newestFirst, from edge: InvoiceEdge? = nil,
        limit: Int, wantsTotal: Bool = false
    ) {
        self.filter = filter
        self.order = order
        self.edge = edge
        self.limit = limit
        self.wantsTotal = wantsTotal
    }

    package func answer(from reading: InvoiceReading) async throws -> InvoicePage {
        guard wantsTotal else { return page(of: try await found(in: reading), total: nil) }
        async let total = reading.readModel.count(filter, of: reading.tenant)
        return page(of: try await found(in: reading), total: try await total)
    }

    /// One more than are wanted, if there are as many: it tells that there is another page in the direction of reading.
    private func found(in reading: InvoiceReading) async throws -> ListedInvoices {
        try await reading.readModel.invoices(
            filter, of: reading.tenant, in: order, from: edge, limit: limit + 1)
    }

    private func page(of found: ListedInvoices, total: Int64?) -> InvoicePage {
        var invoices = found.invoices
        let hasMore = invoices.count > limit
        if hasMore { invoices.removeLast(invoices.count - limit) }
        switch edge {
        case .before:
            invoices.reverse()
            return InvoicePage(
                invoices: invoices, hasPrevious: hasMore, hasNext: true, total: total, setAside: found.setAside)
        case .after, nil:
            return InvoicePage(
                invoices: invoices, hasPrevious: edge != nil, hasNext: hasMore, total: total, setAside: found.setAside)
        }
    }
}

/// Some invoices, and where the pages beside them begin; nil where there is none.
package struct InvoicePage: Hashable, Sendable {
    package let invoices: [ListedInvoice]
    package let previous: InvoiceEdge?
    package let next: InvoiceEdge?
    /// How many invoices meet the filter; nil when that was not asked for.
    package let total: Int64?
    /// See ``ListedInvoices/setAside``.
    package let setAside: Int64

    init(invoices: [ListedInvoice], hasPrevious: Bool, hasNext: Bool, total: Int64?, setAside: Int64) {
        self.invoices = invoices
        previous = hasPrevious ? invoices.first.map { .before($0.place) } : nil
        next = hasNext ? invoices.last.map { .after($0.place) } : nil
        self.total = total
        self.setAside = setAside
    }
}
