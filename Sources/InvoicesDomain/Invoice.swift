import EventSourcing
package import FoundationEssentials

/// An invoice: what its events say of it.
package struct Invoice: EventSourced, Hashable {
    package enum Status: Hashable, Sendable {
        /// No such invoice.
        case absent
        /// Waiting for payment.
        case open
        case paid(at: Date)
    }

    package private(set) var status = Status.absent
    package private(set) var created: InvoiceCreated?

    package init() {}

    package mutating func evolve(_ event: InvoiceEvent) {
        switch event {
        case .created(let created):
            self.created = created
            status = .open
        case .paid(let paid):
            status = .paid(at: paid.paidAt)
        }
    }
}

// MARK: - Decisions

extension Invoice {
    /// Makes out an invoice. Making the same one out again says nothing new.
    package func create(_ draft: NewInvoice, at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        guard (1...Money.largestInvoice).contains(draft.total.minorUnits) else {
            throw .amountOutOfRange(draft.total.minorUnits, largest: Money.largestInvoice)
        }
        if let created {
            guard created.isMade(from: draft) else { throw .alreadyExists }
            return []
        }
        return [.created(InvoiceCreated(draft, createdAt: now))]
    }

    /// Settles the invoice in full.
    package func pay(at now: Date) throws(InvoiceError) -> [InvoiceEvent] {
        guard let created else { throw .notFound }
        guard case .open = status else { throw .alreadyPaid }
        return [.paid(InvoicePaid(invoiceId: created.invoiceId, amount: created.amount, paidAt: now))]
    }
}

/// What an invoice is made out with.
package struct NewInvoice: Hashable, Sendable {
    package let id: InvoiceID
    package let customer: CustomerID
    package let total: Money
    package let dueDate: CalendarDate?
    package let reference: Reference?

    package init(
        id: InvoiceID, customer: CustomerID, total: Money, dueDate: CalendarDate? = nil, reference: Reference? = nil
    ) {
        self.id = id
        self.customer = customer
        self.total = total
        self.dueDate = dueDate
        self.reference = reference
    }
}

extension InvoiceCreated {
    fileprivate init(_ draft: NewInvoice, createdAt: Date) {
        self.init(
            invoiceId: draft.id, customerId: draft.customer, amount: draft.total.minorUnits,
            currency: draft.total.currency.code, dueDate: draft.dueDate, reference: draft.reference?.rawValue,
            createdAt: createdAt)
    }

    /// Whether it says the same as the draft, whenever it was created.
    fileprivate func isMade(from draft: NewInvoice) -> Bool {
        self == InvoiceCreated(draft, createdAt: createdAt)
    }
}
