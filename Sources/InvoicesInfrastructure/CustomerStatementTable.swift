import EventSourcing
package import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The rows of ``CustomerStatementProjection`` in the table `customer_statement_invoices`.
package enum CustomerStatementTable {
    package static let rows = PostgresTable<InvoiceKey, StatementInvoice>(
        "customer_statement_invoices",
        key: [PostgresColumn("tenant") { $0.tenant.rawValue }, PostgresColumn("invoice_id") { $0.invoice.rawValue }],
        columns: [
            PostgresColumn("customer_id") { $0.customer.rawValue },
            PostgresColumn("currency") { $0.currency.code },
            PostgresColumn("due_date") { $0.dueDate.flatMap(PostgresDate.init) },
            PostgresColumn("state") { $0.standing.state.rawValue },
            PostgresColumn("amount") { $0.standing.total },
            PostgresColumn("paid_amount") { $0.standing.paid },
            PostgresColumn("refunded_amount") { $0.standing.refunded },
        ],
        reading: [
            "tenant", "invoice_id", "customer_id", "currency", "due_date", "state", "amount", "paid_amount",
            "refunded_amount",
        ]
    ) { columns in
        let tenant = TenantID(stored: try columns.next())
        let invoice = InvoiceID(try columns.next())
        let customer = CustomerID(try columns.next())
        let code = try columns.next(String.self)
        guard let currency = Currency(code: code) else { throw UnknownCurrency(code: code) }
        let dueDate = try columns.next(PostgresDate?.self).flatMap(CalendarDate.init)
        let standing = try InvoiceRow.standing(
            columns.next(), total: columns.next(), paid: columns.next(), refunded: columns.next(), of: invoice)
        return (
            InvoiceKey(tenant: tenant, invoice: invoice),
            StatementInvoice(customer: customer, currency: currency, dueDate: dueDate, standing: standing)
        )
    }
}
