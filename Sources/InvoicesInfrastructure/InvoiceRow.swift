package import EventSourcing
package import InvoicesApplication

/// The row of an invoice: what is read of it, and when it was made among the others.
package struct InvoiceRow: Hashable, Sendable {
    package let invoice: InvoiceView
    /// Of the event that made it.
    package let position: Position

    package init(_ invoice: InvoiceView, position: Position) {
        self.invoice = invoice
        self.position = position
    }
}
