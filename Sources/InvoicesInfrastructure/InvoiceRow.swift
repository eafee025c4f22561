import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The columns of the table `invoices` that make an ``InvoicesApplication/InvoiceView``.
enum InvoiceRow {
    static let names = [
        "id", "customer_id", "currency", "lines", "net_amount", "tax_amount", "amount", "rounding_rule", "due_date",
        "reference", "state", "paid_amount", "refunded_amount", "series", "number_year", "number_in_year",
        "created_at", "issued_at", "paid_at", "voided_at", "void_reason", "revision",
    ]

    static let columns = names.joined(separator: ", ")

    /// The view in the first columns of a row.
    ///
    /// - Throws: ``UnreadableInvoice`` when the row holds what this program cannot have written.
    static func view(_ row: PostgresRow) throws -> InvoiceView {
        var columns = row.columns
        return try view(&columns)
    }

    static func view(_ columns: inout PostgresRow.Columns) throws -> InvoiceView {
        let invoice = InvoiceID(try columns.next(UUID.self))
        let terms = try terms(from: &columns, of: invoice)
        let standing = try standing(
            columns.next(), total: terms.amount, paid: columns.next(), refunded: columns.next(), of: invoice)
        return InvoiceView(
            id: invoice, number: try number(columns.next(), columns.next(), columns.next(), of: invoice), terms: terms,
            standing: standing, createdAt: try columns.next(), issuedAt: try columns.next(),
            paidAt: try columns.next(), voidedAt: try columns.next(), voidReason: try columns.next(),
            revision: Revision(try columns.next()))
    }

    private static func terms(from columns: inout PostgresRow.Columns, of invoice: InvoiceID) throws -> InvoiceTerms {
        let customer = CustomerID(try columns.next(UUID.self))
        let currency = try columns.next(String.self)
        guard Currency(code: currency) != nil else { throw UnreadableInvoice(id: invoice, "currency", currency) }
        return InvoiceTerms(
            customerId: customer, currency: currency, lines: try StoredLines.read(columns.next()),
            netAmount: try columns.next(), taxAmount: try columns.next(), amount: try columns.next(),
            roundingRule: try columns.next(),
            dueDate: try columns.next(PostgresDate?.self).flatMap(CalendarDate.init), reference: try columns.next())
    }

    static func standing(
        _ state: String, total: Int64, paid: Int64, refunded: Int64, of invoice: InvoiceID
    ) throws(UnreadableInvoice) -> InvoiceStanding {
        guard let known = InvoiceState(rawValue: state) else { throw UnreadableInvoice(id: invoice, "state", state) }
        return InvoiceStanding(state: known, total: total, paid: paid, refunded: refunded)
    }

    static func number(
        _ series: String?, _ year: Int?, _ number: Int64?, of invoice: InvoiceID
    ) throws(UnreadableInvoice) -> InvoiceNumber? {
        guard let series, let year, let number else { return nil }
        guard let known = InvoiceSeries(series) else { throw UnreadableInvoice(id: invoice, "series", series) }
        return InvoiceNumber(series: known, year: year, number: number)
    }
}

/// A row of the read model that holds what this program does not know.
struct UnreadableInvoice: CategorizedError {
    var category: ErrorCategory { .poison }

    let id: InvoiceID
    let column: String
    let value: String

    init(id: InvoiceID, _ column: String, _ value: String) {
        self.id = id
        self.column = column
        self.value = value
    }
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
