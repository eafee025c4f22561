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
