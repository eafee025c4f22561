/// An invoice in a list, and its place there.
package struct ListedInvoice: Hashable, Sendable {
    package let invoice: StoredInvoice
    package let place: InvoicePlace

    package init(_ invoice: StoredInvoice, at place: InvoicePlace) {
        self.invoice = invoice
        self.place = place
    }
}

/// The invoices that a list found, and how many invoices it may lack, both as of the same moment.
package struct ListedInvoices: Hashable, Sendable {
    package let invoices: [ListedInvoice]
    /// The number of the tenant's invoices with events that could not be applied. The list lacks what these events say.
    package let setAside: Int64

    package init(_ invoices: [ListedInvoice], setAside: Int64) {
        self.invoices = invoices
        self.setAside = setAside
    }
}
