import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
package import LibPQ

/// The rows of ``CustomerStatementProjection`` in the table `customer_statement_invoices`.
package struct CustomerStatementTable: PostgresRowTable {
    package init() {}

    package var name: String { "customer_statement_invoices" }

    /// $1 tenants, $2 ids. Row by row, behind a fence: as a join it would be planned while the table is small, and read all of
    /// it when it has grown.
    private static let select = PostgresStatement(
        """
        select i.tenant, i.invoice_id, i.customer_id, i.currency, i.due_date, i.state, i.amount, i.paid_amount,
            i.refunded_amount
        from unnest($1::text[], $2::uuid[]) as wanted (tenant, invoice_id), lateral (
            select * from customer_statement_invoices i
            where i.tenant = wanted.tenant and i.invoice_id = wanted.invoice_id
            offset 0) i
        """)

    /// One array for each column.
    private static let upsert = PostgresStatement(
        """
        insert into customer_statement_invoices (
            tenant, invoice_id, customer_id, currency, due_date, state, amount, paid_amount, refunded_amount)
        select * from unnest(
            $1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::text[], $7::bigint[], $8::bigint[],
            $9::bigint[])
        on conflict (tenant, invoice_id) do update set
            customer_id = excluded.customer_id, currency = excluded.currency, due_date = excluded.due_date,
            state = excluded.state, amount = excluded.amount, paid_amount = excluded.paid_amount,
            refunded_amount = excluded.refunded_amount
        """)

    /// $1 tenants, $2 ids
    private static let remove = PostgresStatement(
        """
        delete from customer_statement_invoices i using unnest($1::text[], $2::uuid[]) as gone (tenant, invoice_id)
        where i.tenant = gone.tenant and i.invoice_id = gone.invoice_id
        """)

    package func load(
        _ keys: [InvoiceKey], in transaction: borrowing PostgresTransaction
    ) async throws -> [InvoiceKey: StatementInvoice] {
        let rows = try await transaction.query(
            Self.select, keys.map(\.tenant.rawValue), keys.map(\.invoice.rawValue))
        var loaded: [InvoiceKey: StatementInvoice] = [:]
        for row in rows {
            let (tenant, id, customer, code, dueDate, state, amount, paid, refunded) = try row.decode(
                String.self, UUID.self, UUID.self, String.self, PostgresDate?.self, String.self, Int64.self,
                Int64.self, Int64.self)
            guard let currency = Currency(code: code) else { throw UnknownCurrency(code: code) }
            let invoice = InvoiceID(id)
            loaded[InvoiceKey(tenant: TenantID(stored: tenant), invoice: invoice)] = StatementInvoice(
                customer: CustomerID(customer), currency: currency, dueDate: dueDate.flatMap(CalendarDate.init),
                standing: try InvoiceRow.standing(state, total: amount, paid: paid, refunded: refunded, of: invoice))
        }
        return loaded
    }

    package func save(
        _ rows: [(key: InvoiceKey, row: StatementInvoice)], in transaction: borrowing PostgresTransaction
    ) async throws {
        _ = try await transaction.execute(
            Self.upsert, rows.map(\.key.tenant.rawValue), rows.map(\.key.invoice.rawValue),
            rows.map(\.row.customer.rawValue), rows.map(\.row.currency.code),
            rows.map { $0.row.dueDate.flatMap(PostgresDate.init) }, rows.map(\.row.standing.state.rawValue),
            rows.map(\.row.standing.total), rows.map(\.row.standing.paid), rows.map(\.row.standing.refunded))
    }

    package func delete(_ keys: [InvoiceKey], in transaction: borrowing PostgresTransaction) async throws {
        _ = try await transaction.execute(Self.remove, keys.map(\.tenant.rawValue), keys.map(\.invoice.rawValue))
    }
}
