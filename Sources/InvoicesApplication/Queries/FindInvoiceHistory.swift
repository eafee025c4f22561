package import EventSourcing
package import InvoicesDomain

/// What has happened to an invoice, in its order, a page at a time; nil when there is no such invoice.
package struct FindInvoiceHistory: Query {
    package static let name = "invoices.invoice.find_history"

    package let invoice: InvoiceID
    /// The revision that the page before ended with; nil begins with the first.
    package let after: Revision?
    package let limit: Int

    package init(of invoice: InvoiceID, after: Revision? = nil, limit: Int) {
        self.invoice = invoice
        self.after = after
        self.limit = limit
    }

    package func answer(from reading: InvoiceHistoryReading) async throws -> InvoiceHistoryPage? {
        let stream = try StreamName(of: invoice, tenant: reading.tenant)
        // The event before the page tells an invoice that has no more events from one that does not exist.
        let records = try await reading.events.read(stream, from: after, .forwards, limit: limit + 2)
        guard !records.isEmpty else { return try await pageAfterTheEnd(of: stream, in: reading) }
        let following = records.drop { $0.revision == after }
        let page = try following.prefix(limit).map { try InvoiceHistoryEntry($0) }
        return InvoiceHistoryPage(entries: page, next: following.count > limit ? page.last?.revision : nil)
    }

    private func pageAfterTheEnd(
        of stream: StreamName, in reading: InvoiceHistoryReading
    ) async throws -> InvoiceHistoryPage? {
        guard after != nil else { return nil }
        let first = try await reading.events.read(stream, from: nil, .forwards, limit: 1)
        return first.isEmpty ? nil : InvoiceHistoryPage(entries: [], next: nil)
    }
}

/// Some of what has happened to an invoice, and the revision that the next page comes after; nil at the end.
package struct InvoiceHistoryPage: Hashable, Sendable {
    package let entries: [InvoiceHistoryEntry]
    package let next: Revision?
}
