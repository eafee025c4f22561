package import EventSourcing
package import InvoicesApplication
package import InvoicesDomain

/// The row of an invoice: what is read of it, and when it was made among the others.
///
/// It is a reference: a projection passes rows through several collections and keeps them for the next commit, and to copy all
/// that is known of an invoice takes longer than to write it.
package final class InvoiceRow: Equatable, Sendable {
    package let invoice: InvoiceView
    /// Of the event that made it.
    package let position: Position
    /// The texts that a list finds it by. Two columns have parts of it.
    let searchText: SearchText

    /// The row of an invoice's state; nil for a stream without an invoice, for one that cannot be read, and where the state
    /// does not tell when it began.
    package convenience init?(_ loaded: Loaded<Invoice>) {
        guard let position = loaded.firstPosition, let invoice = InvoiceView(loaded),
            (try? invoice.details.requireReadable()) != nil
        else { return nil }
        self.init(invoice, position: position)
    }

    package init(_ invoice: InvoiceView, position: Position) {
        self.invoice = invoice
        self.position = position
        searchText = SearchText([invoice.terms.reference?.rawValue, invoice.number?.description].compactMap(\.self))
    }

    package static func == (first: InvoiceRow, second: InvoiceRow) -> Bool {
        first.invoice == second.invoice && first.position == second.position && first.searchText == second.searchText
    }
}
