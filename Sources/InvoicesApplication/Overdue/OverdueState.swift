package import EventSourcing
import InvoicesDomain

/// What the process knows of an invoice.
package struct OverdueState: EventSourced {
    private(set) var invoice: FollowedInvoice?

    package init() {}

    package mutating func evolve(_ event: OverdueEvent) {
        switch event {
        case .followed(let invoice): self.invoice = invoice
        }
    }
}

/// What the process records besides its decisions.
package enum OverdueEvent: DomainEvent {
    /// Something changed that matters for when the invoice is overdue.
    case followed(FollowedInvoice)

    package enum Name: String, CaseIterable, Sendable {
        case followed = "collection.overdue.followed.v1"
    }

    package var name: Name {
        switch self {
        case .followed: .followed
        }
    }

    package func encode() throws -> EventPayload {
        switch self {
        case .followed(let invoice): try EventPayload(encoding: invoice)
        }
    }

    package init(_ name: Name, from payload: EventPayload) throws {
        self =
            switch name {
            case .followed: .followed(try payload.decode(FollowedInvoice.self))
            }
    }
}

/// When an invoice is due, and whether anything is.
package struct FollowedInvoice: Codable, Hashable, Sendable {
    let id: InvoiceID
    private(set) var dueDate: CalendarDate?
    /// In minor units.
    private(set) var dueAmount: Int64
    private(set) var isOpen: Bool

    private enum CodingKeys: String, CodingKey {
        case id = "invoiceId"
        case dueDate, dueAmount, isOpen
    }

    /// The day after which it is overdue; nil when nothing is due on any day.
    var dueDay: CalendarDate? { isOpen && dueAmount > 0 ? dueDate : nil }

    /// Nil for an invoice without a due date, which is not followed until it has one.
    init?(_ known: FollowedInvoice?, after event: InvoiceEvent) {
        switch event {
        case .created(let created): self.init(of: created.invoiceId, created.terms, isOpen: created.issuedAt != nil)
        case .revised(let revised):
            self.init(of: revised.invoiceId, revised.terms, isOpen: known?.isOpen ?? false)
        case .issued, .paymentReceived, .paymentReversed, .refunded, .voided, .becameOverdue, .reminderRequested:
            guard let known else { return nil }
            self = known
            change(event)
        }
        if known == nil, dueDate == nil { return nil }
    }

    private init(of id: InvoiceID, _ terms: InvoiceTerms, isOpen: Bool) {
        self.id = id
        dueDate = terms.dueDate
        dueAmount = terms.amount
        self.isOpen = isOpen
    }

    private mutating func change(_ event: InvoiceEvent) {
        switch event {
        case .issued: isOpen = true
        case .paymentReceived(let payment): dueAmount -= payment.amount
        case .paymentReversed(let reversal): dueAmount += reversal.amount
        case .voided: isOpen = false
        case .created, .revised, .refunded, .becameOverdue, .reminderRequested: break
        }
    }
}
