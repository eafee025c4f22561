package import EventSourcing
package import FoundationEssentials

/// What can have happened to an invoice.
package enum InvoiceEvent: Hashable, Sendable {
    case created(InvoiceCreated)
    case paid(InvoicePaid)
}

/// An invoice was made out to a customer.
package struct InvoiceCreated: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let customerId: CustomerID
    /// In minor units of the currency.
    package let amount: Int64
    /// ISO 4217.
    package let currency: String
    package let dueDate: CalendarDate?
    package let reference: String?
    package let createdAt: Date

    package init(
        invoiceId: InvoiceID, customerId: CustomerID, amount: Int64, currency: String, dueDate: CalendarDate?,
        reference: String?, createdAt: Date
    ) {
        self.invoiceId = invoiceId
        self.customerId = customerId
        self.amount = amount
        self.currency = currency
        self.dueDate = dueDate
        self.reference = reference
        self.createdAt = createdAt
    }
}

/// An invoice was paid in full.
package struct InvoicePaid: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    /// What was paid, in minor units of the invoice's currency.
    package let amount: Int64
    package let paidAt: Date

    package init(invoiceId: InvoiceID, amount: Int64, paidAt: Date) {
        self.invoiceId = invoiceId
        self.amount = amount
        self.paidAt = paidAt
    }
}

extension InvoiceEvent: DomainEvent {
    /// The stored names. They never change; a new shape of an event is a new name.
    package enum Name: String, CaseIterable, Sendable {
        case created = "invoices.invoice.created.v1"
        case paid = "invoices.invoice.paid.v1"
    }

    package var name: Name {
        switch self {
        case .created: .created
        case .paid: .paid
        }
    }

    package func encode() throws -> EventPayload {
        switch self {
        case .created(let created): try EventPayload(encoding: created)
        case .paid(let paid): try EventPayload(encoding: paid)
        }
    }

    package init(_ name: Name, from payload: EventPayload) throws {
        self =
            switch name {
            case .created: .created(try payload.decode(InvoiceCreated.self))
            case .paid: .paid(try payload.decode(InvoicePaid.self))
            }
    }
}
