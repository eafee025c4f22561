package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain
package import LibPQ

/// Reads customers' statements from the read database.
package struct PostgresCustomerStatements: CustomerStatementReadModel {
    private let client: PostgresClient

    package init(_ client: PostgresClient) { self.client = client }

    /// $1 tenant, $2 customer, $3 the day
    private static let balances = PostgresStatement(
        """
        select currency,
            count(*) filter (where state = 'open'),
            coalesce(sum(amount - paid_amount) filter (where state = 'open'), 0)::bigint,
            count(*) filter (where state = 'open' and due_date < $3),
            coalesce(sum(amount - paid_amount) filter (where state = 'open' and due_date < $3), 0)::bigint,
            count(*) filter (where paid_amount > refunded_amount), sum(paid_amount - refunded_amount)::bigint
        from customer_statement_invoices
        where tenant = $1 and customer_id = $2 and state in ('open', 'closed')
        group by currency
        order by currency
        """)

    package func statement(
        of customer: CustomerID, of tenant: TenantID, on day: CalendarDate
    ) async throws -> CustomerStatement {
        let rows = try await client.query(
            Self.balances, tenant.rawValue, customer.rawValue, PostgresDate(day))
        return CustomerStatement(customer: customer, day: day, balances: try rows.map { try Self.balance($0) })
    }

    /// - Throws: ``InvoicesApplication/UnknownCurrency`` when a later version of this program has written the row.
    private static func balance(_ row: PostgresRow) throws -> CustomerStatement.Balance {
        let (code, open, openAmount, overdue, overdueAmount, paid, paidAmount) = try row.decode(
            String.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self)
        guard let currency = Currency(code: code) else { throw UnknownCurrency(code: code) }
        return CustomerStatement.Balance(
            currency: currency, open: .init(invoices: open, amount: openAmount),
            overdue: .init(invoices: overdue, amount: overdueAmount), paid: .init(invoices: paid, amount: paidAmount))
    }
}
