import EventSourcing

/// An invoice: what its events say of it.
package struct Invoice: EventSourced, Hashable {
    /// How it was made out at first; nil when there is no such invoice.
    package private(set) var created: InvoiceCreated?
    /// What it says now.
    package private(set) var terms: InvoiceTerms?
    package private(set) var standing = InvoiceStanding(state: .draft, total: 0)
    /// Where it was issued, if it was issued in a series.
    package private(set) var series: String?

    package init() {}

    package mutating func evolve(_ event: InvoiceEvent) {
        switch event {
        case .created(let created):
            self.created = created
            terms = created.terms
            standing = InvoiceStanding(created)
        case .revised(let revised):
            terms = revised.terms
            standing.revise(total: revised.terms.amount)
        case .issued(let issued):
            series = issued.series
            standing.issue()
        case .paymentReceived(let payment):
            standing.receive(payment.amount)
        case .refunded(let refund):
            standing.refund(refund.amount)
        case .voided:
            standing.void()
        }
    }

    /// Whether on that day something is due that was to be paid before it.
    package func isOverdue(on day: CalendarDate) -> Bool {
        standing.isOverdue(on: day, dueDate: terms?.dueDate)
    }
}
