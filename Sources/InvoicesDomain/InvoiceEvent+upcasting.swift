package import EventSourcing
import FoundationEssentials

extension InvoiceEvent {
    package static let upcasters = Upcasters(to: Name.self) {
        [
            // In the first version an invoice was a plain amount, open from the start and paid in full at once.
            Upcaster(
                from: try EventType("invoices.invoice.created.v1"), to: try EventType(Name.created.rawValue),
                upgrading: { (old: CreatedV1) in old.upgraded }),
            // The second version had no series and year: an invoice that was issued at once had two events.
            Upcaster(
                from: try EventType("invoices.invoice.created.v2"), to: try EventType(Name.created.rawValue)
            ) { $0 },
            // The same members, of which all are read; what was paid was all that was due.
            Upcaster(
                from: try EventType("invoices.invoice.paid.v1"), to: try EventType(Name.paymentReceived.rawValue)
            ) { $0 },
        ]
    }
}

private struct CreatedV1: Decodable {
    let invoiceId: InvoiceID
    let customerId: CustomerID
    let amount: Int64
    let currency: String
    let dueDate: CalendarDate?
    let reference: String?
    let createdAt: Date

    var upgraded: InvoiceCreated {
        InvoiceCreated(
            invoiceId: invoiceId,
            terms: InvoiceTerms(
                customerId: customerId, currency: currency, amount: amount, dueDate: dueDate, reference: reference),
            openSince: createdAt)
    }
}
