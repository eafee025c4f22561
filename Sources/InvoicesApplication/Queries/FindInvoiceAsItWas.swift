package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// An invoice as it was at a moment of its history; nil when it did not exist then, or never had that revision.
package struct FindInvoiceAsItWas: Query {
    package static let name = "invoices.invoice.find_as_it_was"

    package let invoice: InvoiceID
    package let moment: Moment
    /// What tells a later time was dated by a wrong clock, see ``/EventSourcing/AggregateReader/load(_:asOf:now:)``.
    package let now: Date

    package init(_ invoice: InvoiceID, at moment: Moment, now: Date) {
        self.invoice = invoice
        self.moment = moment
        self.now = now
    }

    /// - Throws: ``/EventSourcing/UndecodableEvent`` and ``UnreadableInvoice`` when the events until then cannot be read.
    package func answer(from reading: InvoiceHistoryReading) async throws -> InvoiceView? {
        let stream = try StreamName(of: invoice, tenant: reading.tenant)
        let loaded = try await AggregateReader<Invoice>(reading.events).load(stream, asOf: moment, now: now)
        if case .revision(let wanted) = moment, loaded.revision != wanted { return nil }
        guard let view = InvoiceView(loaded) else { return nil }
        try view.details.requireReadable()
        return view
    }
}
