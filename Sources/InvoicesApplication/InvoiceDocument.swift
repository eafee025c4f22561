package import EventSourcing
package import InvoicesDomain

/// An invoice as callers read it: text that is kept ready, and what depends on the day.
package struct InvoiceDocument: Hashable, Sendable {
    package let id: InvoiceID
    /// The revision of the last event that is in it.
    package let revision: Revision
    /// After which day the invoice is overdue, as it stands; nil for one of which nothing can be.
    package let dueDay: CalendarDate?
    /// Everything else, in an ``InvoiceDocumentForm``.
    package let text: String

    package init(id: InvoiceID, revision: Revision, dueDay: CalendarDate?, text: String) {
        self.id = id
        self.revision = revision
        self.dueDay = dueDay
        self.text = text
    }

    package init(_ invoice: InvoiceView, in form: InvoiceDocumentForm) {
        self.init(
            id: invoice.id, revision: invoice.revision, dueDay: invoice.dueDay, text: form.write(invoice))
    }

    /// Whether on that day something is due that was to be paid before it.
    package func isOverdue(on day: CalendarDate) -> Bool { dueDay.map { $0 < day } ?? false }
}

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

/// An invoice in a list, and its place there.
package struct ListedInvoice: Hashable, Sendable {
    package let document: InvoiceDocument
    package let place: InvoicePlace

    package init(_ document: InvoiceDocument, at place: InvoicePlace) {
        self.document = document
        self.place = place
    }
}
