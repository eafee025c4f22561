import EventSourcing
import InvoicesApplication
import InvoicesDomain

extension JSONWriter {
    mutating func invoice(_ invoice: InvoiceView) {
        object { json in
            json.member("id", invoice.id.description)
            json.member("customerId", invoice.customer.description)
            json.member("amount", invoice.total.minorUnits)
            json.member("currency", invoice.total.currency.code)
            json.member("status", invoice.status.rawValue)
            json.member("reference", invoice.reference)
            json.member("dueDate", invoice.dueDate?.description)
            json.member("createdAt", RFC3339.string(from: invoice.createdAt))
            json.member("paidAt", invoice.paidAt.map(RFC3339.string(from:)))
            json.member("revision", invoice.revision.rawValue)
        }
    }

    mutating func page(_ page: InvoicePage) {
        object { json in
            json.member("data") { $0.array(page.invoices) { $0.invoice($1) } }
            json.member("nextCursor", page.next.map(InvoiceCursor.text(for:)))
        }
    }
}
