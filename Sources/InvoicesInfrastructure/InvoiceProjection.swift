package import EventSourcing
import InvoicesApplication
package import InvoicesDomain

/// Turns the events of an invoice into its row in the read model: the invoice itself, as its events fold to it.
package struct InvoiceProjection: StreamRowProjection {
    package init() {}

    package func key(for recorded: Recorded<InvoiceEvent>) -> InvoiceKey? { InvoiceKey(of: recorded) }

    package func stream(of key: InvoiceKey) throws -> StreamName { try key.stream }

    /// - Throws: ``UnknownCurrency`` and ``UnnumberedInvoice`` for an invoice that could not be shown.
    package func evolve(_ row: inout InvoiceRow?, with recorded: Recorded<InvoiceEvent>) throws {
        var invoice = Invoice(row?.invoice.details)
        invoice.evolve(recorded.event)
        guard let details = invoice.details else { return }
        guard Currency(code: details.terms.currency) != nil else { throw UnknownCurrency(code: details.terms.currency) }
        if let series = details.series, details.number == nil {
            throw UnnumberedInvoice(invoice: details.id, series: series)
        }
        row = InvoiceRow(
            InvoiceView(details, revision: recorded.record.revision),
            position: row?.position ?? recorded.record.position)
    }
}

/// A currency that this program does not know: an event or a row of a later version of it.
package struct UnknownCurrency: CategorizedError, CustomStringConvertible {
    package var category: ErrorCategory { .poison }

    package let code: String

    package var description: String { "this program does not know the currency \"\(code)\"; run one that does" }
}

/// An invoice was issued without a number, or in a series that this program does not know.
package struct UnnumberedInvoice: CategorizedError, CustomStringConvertible {
    package var category: ErrorCategory { .poison }

    package let invoice: InvoiceID
    package let series: String

    package var description: String {
        "invoice \(invoice) was issued in the series \"\(series)\" without a number that this program can read"
    }
}
