package import EventSourcing
package import FoundationEssentials

/// What can have happened to an invoice.
package enum InvoiceEvent: Hashable, Sendable {
    case created(InvoiceCreated)
    case revised(InvoiceRevised)
    case issued(InvoiceIssued)
    case paymentReceived(InvoicePaymentReceived)
    case paymentReversed(InvoicePaymentReversed)
    case refunded(InvoiceRefunded)
    case voided(InvoiceVoided)
    case becameOverdue(InvoiceBecameOverdue)
    case reminderRequested(InvoiceReminderRequested)

    package var invoiceId: InvoiceID {
        switch self {
        case .created(let created): created.invoiceId
        case .revised(let revised): revised.invoiceId
        case .issued(let issued): issued.invoiceId
        case .paymentReceived(let payment): payment.invoiceId
        case .paymentReversed(let reversal): reversal.invoiceId
        case .refunded(let refund): refund.invoiceId
        case .voided(let voided): voided.invoiceId
        case .becameOverdue(let overdue): overdue.invoiceId
        case .reminderRequested(let reminder): reminder.invoiceId
        }
    }
}

extension InvoiceEvent: DomainEvent {
    /// The stored names. They never change; a new shape of an event is a new name, and `upcasters` lead to it.
    package enum Name: String, CaseIterable, Sendable {
        case created = "invoices.invoice.created.v3"
        case revised = "invoices.invoice.revised.v1"
        case issued = "invoices.invoice.issued.v1"
        case paymentReceived = "invoices.invoice.payment_received.v1"
        case paymentReversed = "invoices.invoice.payment_reversed.v1"
        case refunded = "invoices.invoice.refunded.v1"
        case voided = "invoices.invoice.voided.v1"
        case becameOverdue = "invoices.invoice.became_overdue.v1"
        case reminderRequested = "invoices.invoice.reminder_requested.v1"
    }

    package var name: Name {
        switch self {
        case .created: .created
        case .revised: .revised
        case .issued: .issued
        case .paymentReceived: .paymentReceived
        case .paymentReversed: .paymentReversed
        case .refunded: .refunded
        case .voided: .voided
        case .becameOverdue: .becameOverdue
        case .reminderRequested: .reminderRequested
        }
    }

    package func encode() throws -> EventPayload {
        switch self {
        case .created(let created): try EventPayload(encoding: created)
        case .revised(let revised): try EventPayload(encoding: revised)
        case .issued(let issued): try EventPayload(encoding: issued)
        case .paymentReceived(let payment): try EventPayload(encoding: payment)
        case .paymentReversed(let reversal): try EventPayload(encoding: reversal)
        case .refunded(let refund): try EventPayload(encoding: refund)
        case .voided(let voided): try EventPayload(encoding: voided)
        case .becameOverdue(let overdue): try EventPayload(encoding: overdue)
        case .reminderRequested(let reminder): try EventPayload(encoding: reminder)
        }
    }

    package init(_ name: Name, from payload: EventPayload) throws {
        self =
            switch name {
            case .created: .created(try payload.decode(InvoiceCreated.self))
            case .revised: .revised(try payload.decode(InvoiceRevised.self))
            case .issued: .issued(try payload.decode(InvoiceIssued.self))
            case .paymentReceived: .paymentReceived(try payload.decode(InvoicePaymentReceived.self))
            case .paymentReversed: .paymentReversed(try payload.decode(InvoicePaymentReversed.self))
            case .refunded: .refunded(try payload.decode(InvoiceRefunded.self))
            case .voided: .voided(try payload.decode(InvoiceVoided.self))
            case .becameOverdue: .becameOverdue(try payload.decode(InvoiceBecameOverdue.self))
            case .reminderRequested: .reminderRequested(try payload.decode(InvoiceReminderRequested.self))
            }
    }
    /// A payment that was stored before payments had ids takes that of its event.
    package func identified(by id: UUID) -> InvoiceEvent {
        guard case .paymentReceived(var payment) = self, payment.paymentId == nil else { return self }
        payment.paymentId = PaymentID(id)
        return .paymentReceived(payment)
    }
}
