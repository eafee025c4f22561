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

    /// - Throws: ``EventSourcing/UndecodableEvent`` and ``UnreadableInvoice`` when the events until then cannot be read.
    package func answer(from reading: InvoiceHistoryReading) async throws -> PastInvoice? {
        let stream = try StreamName(of: invoice, tenant: reading.tenant)
        let loaded = try await AggregateReader<Invoice>(reading.events).load(stream, asOf: moment)
        if case .revision(let wanted) = moment, loaded.revision != wanted { return nil }
        guard let view = InvoiceView(loaded), let recordedAt = loaded.recordedAt else { return nil }
        try view.details.requireReadable()
        return PastInvoice(invoice: view, recordedAt: recordedAt)
    }
}

/// An invoice as it was, and since when it was so.
package struct PastInvoice: Hashable, Sendable {
    package let invoice: InvoiceView
    /// When the last event that is in it was recorded.
    package let recordedAt: Date
}
