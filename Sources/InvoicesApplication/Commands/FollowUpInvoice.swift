import EventSourcing
package import InvoicesDomain

/// Notes that an invoice is overdue, or asks for a reminder. Nothing happens to one that is not overdue.
package struct FollowUpInvoice: Command, Codable, Hashable {
    package static let name = "invoices.invoice.follow_up"

    package let invoice: InvoiceID
    /// So many days after the due date a reminder is due; nil to note that the invoice is overdue.
    package let reminderAfter: Int?

    private enum CodingKeys: String, CodingKey {
        case invoice = "invoiceId"
        case reminderAfter = "reminderAfterDays"
    }

    package init(_ invoice: InvoiceID, reminderAfter: Int? = nil) {
        self.invoice = invoice
        self.reminderAfter = reminderAfter
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        let (now, calendar) = (invoicing.context.now, invoicing.calendar)
        return try await invoicing.transact(invoice) { invoice in
            guard let reminderAfter else { return invoice.becomeOverdue(at: now, in: calendar) }
            return invoice.remind(afterDays: reminderAfter, at: now, in: calendar)
        }
    }
}
