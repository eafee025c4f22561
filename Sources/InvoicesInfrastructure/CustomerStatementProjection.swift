package import EventSourcing
package import InvoicesDomain

/// Turns the events of an invoice into the row that its customer's statement adds up.
///
/// A row is an invoice rather than a sum of several: a payment does not say whose invoice it pays, and a row of one
/// stream lets partitions share the work.
package struct CustomerStatementProjection: StreamRowProjection {
    package init() {}

    package func key(for recorded: Recorded<InvoiceEvent>) -> InvoiceKey? { InvoiceKey(of: recorded) }

    package func stream(of key: InvoiceKey) throws -> StreamName { try key.stream }

    /// - Throws: ``UnknownCurrency`` for an invoice that no statement could show.
    package func evolve(_ row: inout StatementInvoice?, with recorded: Recorded<InvoiceEvent>) throws {
        switch recorded.event {
        case .created(let created):
            guard let currency = Currency(code: created.currency) else { throw UnknownCurrency(code: created.currency) }
            row = StatementInvoice(
                customer: created.customerId, total: Money(minorUnits: created.amount, currency: currency),
                dueDate: created.dueDate, isPaid: false)
        case .paid:
            row?.isPaid = true
        }
    }
}

/// What a statement has to know of an invoice.
package struct StatementInvoice: Hashable, Sendable {
    package let customer: CustomerID
    package let total: Money
    package let dueDate: CalendarDate?
    package var isPaid: Bool

    package init(customer: CustomerID, total: Money, dueDate: CalendarDate?, isPaid: Bool) {
        self.customer = customer
        self.total = total
        self.dueDate = dueDate
        self.isPaid = isPaid
    }
}

/// A currency that this program does not know: an event or a row of a later version of it.
package struct UnknownCurrency: CategorizedError, CustomStringConvertible {
    package var category: ErrorCategory { .poison }

    package let code: String

    package var description: String { "this program does not know the currency \"\(code)\"; run one that does" }
}
