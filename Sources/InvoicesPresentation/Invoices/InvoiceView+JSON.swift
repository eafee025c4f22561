import EventSourcing
import InvoicesApplication
import InvoicesDomain

extension JSONWriter {
    /// The object `Invoice` of `openapi.yaml`.
    ///
    /// - Parameter day: what is due before it is overdue.
    mutating func invoice(_ invoice: InvoiceView, on day: CalendarDate) {
        object { json in
            json.members(of: invoice)
            json.member("overdue", invoice.isOverdue(on: day))
        }
    }

    /// The same, of an invoice whose other members were rendered before.
    ///
    /// - Parameter json: what ``members(of:)`` has written, as an object.
    mutating func invoice(_ json: [UInt8], of invoice: StoredInvoice, on day: CalendarDate) {
        open(json) { $0.member("overdue", invoice.isOverdue(on: day)) }
    }

    /// All members but `overdue`, which depends on the day.
    mutating func members(of invoice: InvoiceView) {
        let (details, terms, standing) = (invoice.details, invoice.details.terms, invoice.details.standing)
        member("id", details.id)
        member("number", details.number?.description)
        member("customerId", terms.customerId)
        member("reference", terms.reference?.rawValue)
        member("currency", terms.currency)
        member("state", standing.state.rawValue)
        member("paymentStatus", standing.paymentStatus.rawValue)
        member("lines") { $0.array(terms.lines) { $0.line($1) } }
        member("netAmount", terms.netAmount)
        member("taxAmount", terms.taxAmount)
        member("amount", terms.amount)
        member("paidAmount", standing.paid)
        member("refundedAmount", standing.refunded)
        member("dueAmount", standing.due)
        member("roundingRule", terms.roundingRule)
        member("dueDate", terms.dueDate?.description)
        member("createdAt", details.createdAt)
        member("issuedAt", details.issuedAt)
        member("paidAt", details.paidAt)
        member("voidedAt", details.voidedAt)
        member("voidReason", details.voidReason)
        member("revision", invoice.revision.rawValue)
    }

    private mutating func line(_ line: PricedLine) {
        object { json in
            json.member("description", line.description.rawValue)
            json.member("quantity", line.quantity.description)
            json.member("unitPrice", line.unitPrice)
            json.member("taxRate", line.taxRate)
            json.member("netAmount", line.netAmount)
            json.member("taxAmount", line.taxAmount)
        }
    }
}
