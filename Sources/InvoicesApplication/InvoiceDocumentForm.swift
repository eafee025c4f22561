/// How the documents of invoices are written: the port that those fill who answer with them.
package struct InvoiceDocumentForm: Sendable {
    /// Of all forms that there have been its own, so that a document in another one is not taken for one in this.
    package let version: Int
    /// Writes all of an invoice but whether it is overdue.
    package let write: @Sendable (InvoiceView) -> String

    package init(version: Int, write: @escaping @Sendable (InvoiceView) -> String) {
        self.version = version
        self.write = write
    }
}
