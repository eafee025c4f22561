/// An invoice in a list, and its place there.
package struct ListedInvoice: Hashable, Sendable {
    package let document: InvoiceDocument
    package let place: InvoicePlace

    package init(_ document: InvoiceDocument, at place: InvoicePlace) {
        self.document = document
        self.place = place
    }
}
