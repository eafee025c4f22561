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

    /// All members but `overdue`, which depends on the day.
    private mutating func members(of invoice: InvoiceView) {
        let (details, terms, standing) = (invoice.details, invoice.details.terms, invoice.details.standing)
        member("id", details.id)
        member("number", details.number?.description)
        member("customerId", terms.customerId)
        member("reference", terms.reference?.rawValue)
        member("currency", terms.currency)
        member("state", standing.state.rawValue)
        member("paymentStatus", standing.paymentStatus.rawValue)
        member("lines") { $0.array(terms.lines) { $0.line($1) } }
        member("taxes") { $0.array(terms.taxTotals) { $0.taxTotal($1) } }
        member("netAmount", terms.netAmount)
        member("taxAmount", terms.taxAmount)
        member("amount", terms.amount)
        member("paidAmount", standing.paid)
        member("refundedAmount", standing.refunded)
        member("dueAmount", standing.due)
        member("payments") { $0.array(details.payments ?? []) { $0.payment($1) } }
        member("roundingRule", terms.roundingRule)
        member("dueDate", terms.dueDate?.description)
        member("createdAt", details.createdAt)
        member("issuedAt", details.issuedAt)
        member("issueDate", details.issueDate?.description)
        member("paidAt", details.paidAt)
        member("voidedAt", details.voidedAt)
        member("voidReason", details.voidReason)
        member("revision", invoice.revision.rawValue)
    }

    private mutating func payment(_ payment: ReceivedPayment) {
        object { json in
            json.member("id", payment.id)
            json.member("amount", payment.amount)
            json.member("method", payment.method)
            json.member("reference", payment.reference)
            json.member("paidAt", payment.paidAt)
            json.member("reversedAt", payment.reversedAt)
            json.member("reversalReason", payment.reversalReason)
        }
    }

    private mutating func line(_ line: PricedLine) {
        object { json in
            json.member("description", line.description.rawValue)
            json.member("quantity", line.quantity.description)
            if let price = line.unitPrice.minorUnits {
                json.member("unitPrice", price)
            } else {
                json.member("unitPrice", line.unitPrice.description)
            }
            json.member("taxRate", line.taxRate)
            json.member("netAmount", line.netAmount)
            json.member("taxAmount") { json in
                if let tax = line.taxAmount { json.literal(String(tax)) } else { json.null() }
            }
        }
    }

    private mutating func taxTotal(_ total: TaxTotal) {
        object { json in
            json.member("taxRate", total.taxRate)
            json.member("netAmount", total.netAmount)
            json.member("taxAmount", total.taxAmount)
            json.member("amount", total.amount)
        }
    }
}
