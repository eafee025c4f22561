import EventSourcing
package import EventSourcingPostgres
import FoundationEssentials
package import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The rows of ``InvoiceProjection`` in the table `invoices`.
package enum InvoiceTable {
    /// - Parameter form: in which an invoice is kept ready.
    package static func rows(documents form: InvoiceDocumentForm) -> PostgresTable<InvoiceKey, InvoiceView> {
        PostgresTable(
            "invoices",
            key: [PostgresColumn("tenant") { $0.tenant.rawValue }, PostgresColumn("id") { $0.invoice.rawValue }],
            columns: [
                PostgresColumn("customer_id") { $0.terms.customerId.rawValue },
                PostgresColumn("currency") { $0.terms.currency },
                PostgresColumn("lines") { try StoredLines.document($0.terms.lines) },
                PostgresColumn("net_amount") { $0.terms.netAmount },
                PostgresColumn("tax_amount") { $0.terms.taxAmount },
                PostgresColumn("amount") { $0.terms.amount },
                PostgresColumn("rounding_rule") { $0.terms.roundingRule },
                PostgresColumn("due_date") { $0.terms.dueDate.flatMap(PostgresDate.init) },
                PostgresColumn("reference") { $0.terms.reference },
                PostgresColumn("state") { $0.standing.state.rawValue },
                PostgresColumn("payment_status") { $0.standing.paymentStatus.rawValue },
                PostgresColumn("paid_amount") { $0.standing.paid },
                PostgresColumn("refunded_amount") { $0.standing.refunded },
                PostgresColumn("number") { $0.number?.description },
                PostgresColumn("series") { $0.number?.series.rawValue },
                PostgresColumn("number_year") { $0.number.map { Int32($0.year) } },
                PostgresColumn("number_in_year") { $0.number?.number },
                PostgresColumn("created_at") { $0.createdAt },
                PostgresColumn("issued_at") { $0.issuedAt },
                PostgresColumn("paid_at") { $0.paidAt },
                PostgresColumn("voided_at") { $0.voidedAt },
                PostgresColumn("void_reason") { $0.voidReason },
                PostgresColumn("revision") { $0.revision.rawValue },
                PostgresColumn("document") { InvoiceDocument($0, in: form).text },
                PostgresColumn("document_form") { _ in Int32(form.version) },
                PostgresColumn("document_revision") { $0.revision.rawValue },
            ],
            reading: ["tenant"] + InvoiceRow.names
        ) { columns in
            let tenant = TenantID(stored: try columns.next())
            let view = try InvoiceRow.view(&columns)
            return (InvoiceKey(tenant: tenant, invoice: view.id), view)
        }
    }
}
