import EventSourcing

/// An invoice: the fold of its events.
package struct Invoice: EventSourced, Hashable {
    /// Nil when there is no such invoice.
    package private(set) var details: InvoiceDetails?

    package init() {}

    /// An invoice of which these details are known; nil for one that does not exist.
    package init(_ details: InvoiceDetails?) { self.details = details }

    package mutating func evolve(_ event: InvoiceEvent) {
        switch event {
        case .created(let created):
            details = InvoiceDetails(created)
            details?.number = event.invoiceNumber
        case .revised(let revised):
            details?.revise(revised.terms)
        case .issued(let issued):
            details?.issue(issued)
            details?.number = event.invoiceNumber
        case .paymentReceived(let payment):
            details?.receive(payment)
        case .paymentReversed(let reversal):
            details?.reverse(reversal)
        case .refunded(let refund):
            details?.standing.refund(refund.amount)
        case .voided(let voided):
            details?.void(voided)
        case .becameOverdue(let overdue):
            details?.becomeOverdue(overdue)
        case .reminderRequested(let reminder):
            details?.remind(reminder)
        }
    }
}
