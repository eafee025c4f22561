package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// One invoice as it is read.
package struct InvoiceView: Hashable, Sendable {
    package let id: InvoiceID
    /// Nil until it is issued, and for invoices of the first version, which have none.
    package var number: InvoiceNumber?
    package var terms: InvoiceTerms
    package var standing: InvoiceStanding
    package let createdAt: Date
    package var issuedAt: Date?
    /// When the payment was made that left nothing due.
    package var paidAt: Date?
    package var voidedAt: Date?
    package var voidReason: String?
    /// The revision of the last event that is in this view.
    package var revision: Revision

    package init(
        id: InvoiceID, number: InvoiceNumber? = nil, terms: InvoiceTerms, standing: InvoiceStanding, createdAt: Date,
        issuedAt: Date? = nil, paidAt: Date? = nil, voidedAt: Date? = nil, voidReason: String? = nil,
        revision: Revision
    ) {
        self.id = id
        self.number = number
        self.terms = terms
        self.standing = standing
        self.createdAt = createdAt
        self.issuedAt = issuedAt
        self.paidAt = paidAt
        self.voidedAt = voidedAt
        self.voidReason = voidReason
        self.revision = revision
    }

    /// The day after which it is overdue, as it stands; nil when nothing is due on any day.
    package var dueDay: CalendarDate? { standing.dueDay(of: terms.dueDate) }

    /// Whether on that day something is due that was to be paid before it.
    package func isOverdue(on day: CalendarDate) -> Bool {
        standing.isOverdue(on: day, dueDate: terms.dueDate)
    }
}
