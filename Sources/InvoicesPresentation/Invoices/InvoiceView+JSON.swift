import EventSourcing
package import InvoicesApplication
import InvoicesDomain

extension InvoiceDocumentForm {
    /// The object `Invoice` of `openapi.yaml` without its member `overdue`.
    ///
    /// Whoever changes the form raises its version.
    package static let json = InvoiceDocumentForm(version: 1) { invoice in
        String(decoding: JSONWriter.bytes { $0.object { $0.members(of: invoice) } }, as: UTF8.self)
    }
}

extension JSONWriter {
    /// - Parameter day: what is due before it is overdue.
    mutating func invoice(_ invoice: InvoiceView, on day: CalendarDate) {
        object { json in
            json.members(of: invoice)
            json.member("overdue", invoice.isOverdue(on: day))
        }
    }

    /// An invoice of which ``InvoicesApplication/InvoiceDocumentForm/json`` has written the most.
    ///
    /// - Parameter day: what is due before it is overdue.
    mutating func invoice(_ document: InvoiceDocument, on day: CalendarDate) {
        open(document.text) { $0.member("overdue", document.isOverdue(on: day)) }
    }

    fileprivate mutating func members(of invoice: InvoiceView) {
        let (terms, standing) = (invoice.terms, invoice.standing)
        member("id", invoice.id)
        member("number", invoice.number?.description)
        member("customerId", terms.customerId)
        member("reference", terms.reference)
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
        member("createdAt", invoice.createdAt)
        member("issuedAt", invoice.issuedAt)
        member("paidAt", invoice.paidAt)
        member("voidedAt", invoice.voidedAt)
        member("voidReason", invoice.voidReason)
        member("revision", invoice.revision.rawValue)
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
