package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// An invoice as it was at a moment of its history; nil when it did not exist then, or never had that revision.
package struct FindInvoiceAsItWas: Query {
    package static let name = "invoices.invoice.find_as_it_was"

    package let invoice: InvoiceID
    package let moment: Moment

    package init(_ invoice: InvoiceID, at moment: Moment) {
        self.invoice = invoice
        self.moment = moment
    }

    package func answer(from reading: InvoiceHistoryReading) async throws -> PastInvoice? {
        let stream = try StreamName(of: invoice, tenant: reading.tenant)
        var view: InvoiceView?
        var last: RecordedEvent?
        for try await record in reading.events.events(of: stream, pageSize: 100) {
            guard moment.includes(record) else { break }
            if let recorded = try Recorded<InvoiceEvent>(decoding: record) {
                try InvoiceView.evolve(&view, with: recorded)
            }
            // A redacted event says nothing, and is counted all the same.
            view?.revision = record.revision
            last = record
        }
        guard let view, let last else { return nil }
        if case .revision(let wanted) = moment, last.revision != wanted { return nil }
        return PastInvoice(invoice: view, recordedAt: last.recordedAt)
    }
}

/// An invoice as it was, and since when it was so.
package struct PastInvoice: Hashable, Sendable {
    package let invoice: InvoiceView
    /// When the last event that is in it was recorded.
    package let recordedAt: Date
}
