import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The columns of the table `invoices` that make an ``InvoicesApplication/InvoiceView``.
enum InvoiceRow {
    static let columns =
        "id, customer_id, amount, currency, status, reference, due_date, created_at, paid_at, revision"

    /// The view in the first columns of a row.
    ///
    /// - Throws: ``UnreadableInvoice`` when the row holds what this program cannot have written.
    static func view(_ row: PostgresRow) throws -> InvoiceView {
        let (id, customer, amount, code, status, reference, dueDate, createdAt, paidAt, revision) = try row.decode(
            UUID.self, UUID.self, Int64.self, String.self, String.self, String?.self, PostgresDate?.self, Date.self,
            Date?.self, Int64.self)
        guard let currency = Currency(code: code), let status = InvoiceView.Status(rawValue: status) else {
            throw UnreadableInvoice(id: InvoiceID(id), currency: code, status: status)
        }
        return InvoiceView(
            id: InvoiceID(id), customer: CustomerID(customer), total: Money(minorUnits: amount, currency: currency),
            status: status, reference: reference, dueDate: dueDate.flatMap(CalendarDate.init), createdAt: createdAt,
            paidAt: paidAt, revision: Revision(revision))
    }
}

/// A row of the read model that holds a currency or a status that this program does not know.
struct UnreadableInvoice: CategorizedError {
    var category: ErrorCategory { .poison }

    let id: InvoiceID
    let currency: String
    let status: String
}

extension PostgresDate {
    init?(_ date: CalendarDate) {
        self.init(year: date.year, month: date.month, day: date.day)
    }
}

extension CalendarDate {
    init?(_ date: PostgresDate) {
        let (year, month, day) = date.components
        self.init(year: year, month: month, day: day)
    }
}
