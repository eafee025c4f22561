import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
package import InvoicesApplication
import InvoicesDomain
package import LibPQ

/// The rows of ``InvoiceProjection`` in the table `invoices`.
package struct InvoiceTable: PostgresRowTable {
    private let form: InvoiceDocumentForm
    private let recent: RecentDocuments?

    /// - Parameters:
    ///   - form: in which an invoice is kept ready.
    ///   - recent: is given what is written.
    package init(documents form: InvoiceDocumentForm, recent: RecentDocuments? = nil) {
        self.form = form
        self.recent = recent
    }

    package var name: String { "invoices" }

    /// $1 tenants, $2 ids. Row by row, behind a fence: as a join it would be planned while the table is small, and read all of
    /// it when it has grown.
    private static let select = PostgresStatement(
        """
        select \(InvoiceRow.columns), tenant
        from unnest($1::text[], $2::uuid[]) as wanted (wanted_tenant, wanted_id), lateral (
            select * from invoices where tenant = wanted_tenant and id = wanted_id offset 0) i
        """)

    /// One array for each column, and $27 the form of the documents.
    private static let upsert = PostgresStatement(
        """
        insert into invoices (
            tenant, id, customer_id, currency, lines, net_amount, tax_amount, amount, rounding_rule, due_date,
            reference, state, payment_status, paid_amount, refunded_amount, number, series, number_year,
            number_in_year, created_at, issued_at, paid_at, voided_at, void_reason, revision, document, document_form,
            document_revision)
        select u.*, $27, u.revision from unnest(
            $1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::bigint[], $7::bigint[], $8::bigint[],
            $9::text[], $10::date[], $11::text[], $12::text[], $13::text[], $14::bigint[], $15::bigint[], $16::text[],
            $17::text[], $18::integer[], $19::bigint[], $20::timestamptz[], $21::timestamptz[], $22::timestamptz[],
            $23::timestamptz[], $24::text[], $25::bigint[], $26::text[]) u (
            tenant, id, customer_id, currency, lines, net_amount, tax_amount, amount, rounding_rule, due_date,
            reference, state, payment_status, paid_amount, refunded_amount, number, series, number_year,
            number_in_year, created_at, issued_at, paid_at, voided_at, void_reason, revision, document)
        on conflict (tenant, id) do update set
            customer_id = excluded.customer_id, currency = excluded.currency, lines = excluded.lines,
            net_amount = excluded.net_amount, tax_amount = excluded.tax_amount, amount = excluded.amount,
            rounding_rule = excluded.rounding_rule, due_date = excluded.due_date, reference = excluded.reference,
            state = excluded.state, payment_status = excluded.payment_status, paid_amount = excluded.paid_amount,
            refunded_amount = excluded.refunded_amount, number = excluded.number, series = excluded.series,
            number_year = excluded.number_year, number_in_year = excluded.number_in_year,
            created_at = excluded.created_at, issued_at = excluded.issued_at, paid_at = excluded.paid_at,
            voided_at = excluded.voided_at, void_reason = excluded.void_reason, revision = excluded.revision,
            document = excluded.document, document_form = excluded.document_form,
            document_revision = excluded.document_revision
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
        let (views, numbers) = (rows.map(\.row), rows.map(\.row.number))
        let (terms, standings) = (views.map(\.terms), views.map(\.standing))
        let documents = views.map { InvoiceDocument($0, in: form) }
        _ = try await transaction.execute(
            Self.upsert, rows.map(\.key.tenant.rawValue), rows.map(\.key.invoice.rawValue),
            terms.map(\.customerId.rawValue), terms.map(\.currency),
            try terms.map { try StoredLines.document($0.lines) },
            terms.map(\.netAmount), terms.map(\.taxAmount), terms.map(\.amount), terms.map(\.roundingRule),
            terms.map { $0.dueDate.flatMap(PostgresDate.init) }, terms.map(\.reference),
            standings.map(\.state.rawValue), standings.map(\.paymentStatus.rawValue), standings.map(\.paid),
            standings.map(\.refunded), numbers.map { $0?.description }, numbers.map { $0?.series.rawValue },
            numbers.map { $0.map { Int32($0.year) } }, numbers.map { $0?.number }, views.map(\.createdAt),
            views.map(\.issuedAt), views.map(\.paidAt), views.map(\.voidedAt), views.map(\.voidReason),
            views.map(\.revision.rawValue), documents.map(\.text), Int32(form.version))
        recent?.keep(zip(rows, documents).map { ($0.key, $1) })
    }

    package func delete(
        _ keys: [InvoiceKey], in transaction: borrowing PostgresTransaction
    ) async throws {
        _ = try await transaction.execute(Self.remove, keys.map(\.tenant.rawValue), keys.map(\.invoice.rawValue))
    }
}
