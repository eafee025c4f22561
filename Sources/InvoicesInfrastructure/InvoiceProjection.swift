package import EventSourcing
import InvoicesApplication
package import InvoicesDomain

/// Turns the events of an invoice into its row in the read model: the invoice itself, as its events fold to it.
package struct InvoiceProjection: StreamRowProjection {
    /// What its checkpoints and parked events are stored under.
    package static let name = "invoices"

    package init() {}

    package func key(for recorded: Recorded<InvoiceEvent>) -> InvoiceKey? { InvoiceKey(of: recorded) }

    package func stream(of key: InvoiceKey) throws -> StreamName { try key.stream }

    /// - Throws: ``InvoicesApplication/UnreadableInvoice``.
    package func evolve(_ row: inout InvoiceRow?, with recorded: Recorded<InvoiceEvent>) throws {
        var invoice = Invoice(row?.invoice.details)
        invoice.evolve(recorded.event)
        guard let details = invoice.details else { return }
        try details.requireReadable()
        row = InvoiceRow(
            InvoiceView(details, revision: recorded.record.revision),
            position: row?.position ?? recorded.record.position)
    }
}
