package import EventSourcing
package import InvoicesDomain

/// One invoice as it is read: what is known of it, and at which revision.
@dynamicMemberLookup
package struct InvoiceView: Hashable, Sendable {
    package let details: InvoiceDetails
    /// The revision of the last event that is in this view.
    package let revision: Revision

    package init(_ details: InvoiceDetails, revision: Revision) {
        self.details = details
        self.revision = revision
    }

    /// Nil for a stream without an invoice.
    package init?(_ loaded: Loaded<Invoice>) {
        self.init(loaded.state, revision: loaded.revision)
    }

    init?(_ invoice: Invoice, revision: Revision?) {
        guard let details = invoice.details, let revision else { return nil }
        self.init(details, revision: revision)
    }

    package subscript<Value>(dynamicMember member: KeyPath<InvoiceDetails, Value>) -> Value { details[keyPath: member] }

    /// Whether on that day something is due that was to be paid before it.
    package func isOverdue(on day: CalendarDate) -> Bool { details.isOverdue(on: day) }
}
