package import EventSourcing
package import InvoicesApplication
import InvoicesDomain

/// The row of an invoice: what is read of it, and when it was made among the others.
package struct InvoiceRow: Hashable, Sendable {
    package let invoice: InvoiceView
    /// Of the event that made it.
    package let position: Position
    /// The texts that a list finds it by. Two columns have parts of it.
    let searchText: SearchText

    package init(_ invoice: InvoiceView, position: Position) {
        self.invoice = invoice
        self.position = position
        searchText = SearchText([invoice.terms.reference?.rawValue, invoice.number?.description].compactMap(\.self))
    }
}
