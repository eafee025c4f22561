/// An invoice in a list, and its place there.
package struct ListedInvoice: Hashable, Sendable {
    package let invoice: StoredInvoice
    package let place: InvoicePlace

    package init(_ invoice: StoredInvoice, at place: InvoicePlace) {
        self.invoice = invoice
        self.place = place
    }
}
