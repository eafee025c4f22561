package import EventSourcing
import InvoicesApplication
package import InvoicesDomain

/// Turns the events of an invoice into the row that its customer's statement adds up.
///
/// A row is an invoice rather than a sum of several: a payment does not say whose invoice it pays, and a row of one
/// stream lets partitions share the work.
package struct CustomerStatementProjection: StreamRowProjection {
    package init() {}

    package func key(for recorded: Recorded<InvoiceEvent>) -> InvoiceKey? { InvoiceKey(of: recorded) }

    package func stream(of key: InvoiceKey) throws -> StreamName { try key.stream }

    /// - Throws: ``InvoicesApplication/UnknownCurrency`` for an invoice that no statement could show.
    package func evolve(_ row: inout StatementInvoice?, with recorded: Recorded<InvoiceEvent>) throws {
        switch recorded.event {
        case .created(let created):
            row = try StatementInvoice(created.terms, InvoiceStanding(created))
        case .revised(let revised):
            guard var standing = row?.standing else { return }
            standing.revise(total: revised.terms.amount)
            row = try StatementInvoice(revised.terms, standing)
        case .issued:
            row?.standing.issue()
        case .paymentReceived(let payment):
            row?.standing.receive(payment.amount)
        case .refunded(let refund):
            row?.standing.refund(refund.amount)
        case .voided:
            row?.standing.void()
        }
    }
}

/// What a statement has to know of an invoice.
package struct StatementInvoice: Hashable, Sendable {
    package let customer: CustomerID
    package let currency: Currency
    package let dueDate: CalendarDate?
    package var standing: InvoiceStanding

    package init(customer: CustomerID, currency: Currency, dueDate: CalendarDate?, standing: InvoiceStanding) {
        self.customer = customer
        self.currency = currency
        self.dueDate = dueDate
        self.standing = standing
    }

    fileprivate init(_ terms: InvoiceTerms, _ standing: InvoiceStanding) throws(UnknownCurrency) {
        guard let currency = Currency(code: terms.currency) else { throw UnknownCurrency(code: terms.currency) }
        self.init(customer: terms.customerId, currency: currency, dueDate: terms.dueDate, standing: standing)
    }
}
