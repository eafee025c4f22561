package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain
import LibPQ

/// Statements are added up from the index `invoices_of_customer`, which holds all that they need.
extension PostgresInvoiceReadModel {
    /// $1 tenant, $2 customer, $3 the day. Without a balance it is a row of the last column alone.
    private static let balances = PostgresStatement(
        """
        select balances.*, set_aside
        from \(setAside(of: "$1")) parked left join (
        select currency,
            count(*) filter (where state = 'open'),
            coalesce(sum(amount - paid_amount) filter (where state = 'open'), 0)::bigint,
            count(*) filter (where due_day < $3),
            coalesce(sum(amount - paid_amount) filter (where due_day < $3), 0)::bigint,
            count(*) filter (where paid_amount > refunded_amount),
            coalesce(sum(paid_amount - refunded_amount) filter (where paid_amount > refunded_amount), 0)::bigint
        from invoices
        where tenant = $1 and customer_id = $2 and state in ('open', 'closed')
        group by currency) balances on true
        order by currency
        """)

    package func statement(
        of customer: CustomerID, of tenant: TenantID, on day: CalendarDate
    ) async throws -> CustomerStatement {
        let rows = try await client.query(
            Self.balances, tenant.rawValue, customer.rawValue, PostgresDate(day))
        return CustomerStatement(
            customer: customer, day: day, balances: try rows.filter { !$0[0].isNull }.map { try Self.balance($0) },
            setAside: try rows[0][rows[0].count - 1].decode())
    }

    /// - Throws: ``UnknownCurrency`` when a later version of this program has written the rows.
    private static func balance(_ row: PostgresRow) throws -> CustomerStatement.Balance {
        let (code, open, openAmount, overdue, overdueAmount, paid, paidAmount) = try row.decode(
            String.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self)
        guard let currency = Currency(code: code) else { throw UnknownCurrency(code: code) }
        return CustomerStatement.Balance(
            currency: currency, open: .init(invoices: open, amount: openAmount),
            overdue: .init(invoices: overdue, amount: overdueAmount), paid: .init(invoices: paid, amount: paidAmount))
    }
}

/// A later version of this program has written the read database.
struct UnknownCurrency: CategorizedError, CustomStringConvertible {
    var category: ErrorCategory { .fatal }

    let code: String

    var description: String { "this program does not know the currency \"\(code)\"; run one that does" }
}
