import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
package import InvoicesApplication
import InvoicesDomain
package import LibPQ

/// The rows of ``InvoiceProjection`` in the table `invoices`.
package struct InvoiceTable: PostgresRowTable {
    package init() {}

    package var name: String { "invoices" }

    /// $1 tenants, $2 ids. Row by row, behind a fence: as a join it would be planned while the table is small, and read all of
    /// it when it has grown.
    private static let select = PostgresStatement(
        """
        select \(InvoiceRow.columns), tenant
        from unnest($1::text[], $2::uuid[]) as wanted (wanted_tenant, wanted_id), lateral (
            select * from invoices where tenant = wanted_tenant and id = wanted_id offset 0) i
        """)

    /// One array for each column.
    private static let upsert = PostgresStatement(
        """
        insert into invoices (
            tenant, id, customer_id, amount, currency, status, reference, due_date, created_at, paid_at, revision)
        select * from unnest(
            $1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::date[],
            $9::timestamptz[], $10::timestamptz[], $11::bigint[])
        on conflict (tenant, id) do update set
            customer_id = excluded.customer_id, amount = excluded.amount, currency = excluded.currency,
            status = excluded.status, reference = excluded.reference, due_date = excluded.due_date,
            created_at = excluded.created_at, paid_at = excluded.paid_at, revision = excluded.revision
        """)

    /// $1 tenants, $2 ids
    private static let remove = PostgresStatement(
        """
        delete from invoices using unnest($1::text[], $2::uuid[]) as gone (tenant, id)
        where invoices.tenant = gone.tenant and invoices.id = gone.id
        """)

    package func load(
        _ keys: [InvoiceKey], in transaction: borrowing PostgresTransaction
    ) async throws -> [InvoiceKey: InvoiceView] {
        let rows = try await transaction.query(
            Self.select, keys.map(\.tenant.rawValue), keys.map(\.invoice.rawValue))
        var loaded: [InvoiceKey: InvoiceView] = [:]
        for row in rows {
            let view = try InvoiceRow.view(row)
            let tenant = TenantID(stored: try row[row.count - 1].decode(String.self))
            loaded[InvoiceKey(tenant: tenant, invoice: view.id)] = view
        }
        return loaded
    }

    package func save(
        _ rows: [(key: InvoiceKey, row: InvoiceView)], in transaction: borrowing PostgresTransaction
    ) async throws {
        _ = try await transaction.execute(
            Self.upsert, rows.map(\.key.tenant.rawValue), rows.map(\.key.invoice.rawValue),
            rows.map(\.row.customer.rawValue), rows.map(\.row.total.minorUnits), rows.map(\.row.total.currency.code),
            rows.map(\.row.status.rawValue), rows.map(\.row.reference),
            rows.map { $0.row.dueDate.flatMap(PostgresDate.init) },
            rows.map(\.row.createdAt), rows.map(\.row.paidAt), rows.map(\.row.revision.rawValue))
    }

    package func delete(
        _ keys: [InvoiceKey], in transaction: borrowing PostgresTransaction
    ) async throws {
        _ = try await transaction.execute(Self.remove, keys.map(\.tenant.rawValue), keys.map(\.invoice.rawValue))
    }
}
