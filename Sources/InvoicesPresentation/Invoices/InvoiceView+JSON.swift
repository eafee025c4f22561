import EventSourcing
import InvoicesApplication
import InvoicesDomain

extension JSONWriter {
    /// - Parameter day: what is due before it is overdue.
    mutating func invoice(_ invoice: InvoiceView, on day: CalendarDate) {
        let (terms, standing) = (invoice.terms, invoice.standing)
        object { json in
            json.member("id", invoice.id)
            json.member("number", invoice.number?.description)
            json.member("customerId", terms.customerId)
            json.member("reference", terms.reference)
            json.member("currency", terms.currency)
            json.member("state", standing.state.rawValue)
            json.member("paymentStatus", standing.paymentStatus.rawValue)
            json.member("overdue", invoice.isOverdue(on: day))
            json.member("lines") { $0.array(terms.lines) { $0.line($1) } }
            json.member("netAmount", terms.netAmount)
            json.member("taxAmount", terms.taxAmount)
            json.member("amount", terms.amount)
            json.member("paidAmount", standing.paid)
            json.member("refundedAmount", standing.refunded)
            json.member("dueAmount", standing.due)
            json.member("roundingRule", terms.roundingRule)
            json.member("dueDate", terms.dueDate?.description)
            json.member("createdAt", invoice.createdAt)
            json.member("issuedAt", invoice.issuedAt)
            json.member("paidAt", invoice.paidAt)
            json.member("voidedAt", invoice.voidedAt)
            json.member("voidReason", invoice.voidReason)
            json.member("revision", invoice.revision.rawValue)
        }
    }

    private mutating func line(_ line: PricedLine) {
        object { json in
            json.member("description", line.description)
            json.member("quantity", line.quantity.description)
            json.member("unitPrice", line.unitPrice)
            json.member("taxRate", line.taxRate)
            json.member("netAmount", line.netAmount)
            json.member("taxAmount", line.taxAmount)
        }
    }
}
