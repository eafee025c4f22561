import EventSourcing
package import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The table `invoices`: of each invoice its document, and the columns that lists filter and sort by.
///
/// What a list needs is declared here, in the migration, and nowhere else; everything else about an invoice is in its document.
package enum InvoiceTable {
    package static let rows = PostgresTable<InvoiceKey, InvoiceRow>(
        "invoices",
        key: [
            PostgresColumn("tenant") { $0.tenant.rawValue },
            PostgresColumn("id") { $0.invoice.rawValue },
        ],
        columns: [
            PostgresColumn("customer_id") { $0.invoice.details.terms.customerId.rawValue },
            PostgresColumn("currency") { $0.invoice.details.terms.currency },
            PostgresColumn("state") { $0.invoice.details.standing.state.rawValue },
            PostgresColumn("payment_status") { $0.invoice.details.standing.paymentStatus.rawValue },
            PostgresColumn("amount") { $0.invoice.details.terms.amount },
            PostgresColumn("paid_amount") { $0.invoice.details.standing.paid },
            PostgresColumn("refunded_amount") { $0.invoice.details.standing.refunded },
            PostgresColumn("due_date") { $0.invoice.details.terms.dueDate.flatMap(PostgresDate.init) },
            PostgresColumn("due_day") { $0.invoice.details.dueDay.flatMap(PostgresDate.init) },
            PostgresColumn("created_at") { $0.invoice.details.createdAt },
            PostgresColumn("issued_at") { $0.invoice.details.issuedAt },
            PostgresColumn("series") { $0.invoice.details.number?.series.rawValue },
            PostgresColumn("number_year") { $0.invoice.details.number.map { Int32($0.year) } },
            PostgresColumn("number_in_year") { $0.invoice.details.number?.number },
            PostgresColumn("number") { $0.invoice.details.number?.description },
            PostgresColumn("reference") { $0.invoice.details.terms.reference?.rawValue },
            PostgresColumn("position") { $0.position.rawValue },
            PostgresColumn("search") { $0.searchText.lines },
            PostgresColumn("search_grams") { $0.searchText.grams },
            PostgresColumn("revision") { $0.invoice.revision.rawValue },
            PostgresColumn("document_version") { Int32(InvoiceDocument.version(of: $0.invoice.details)) },
            PostgresColumn("document") {
                String(decoding: try InvoiceDocument($0.invoice.details).bytes, as: UTF8.self)
            },
        ],
        reading: ["tenant", "position"] + storedInvoice
    ) { columns in
        let tenant = TenantID(stored: try columns.next(String.self))
        let position = Position(try columns.next(Int64.self))
        let invoice = try stored(&columns)
        return (
            InvoiceKey(tenant: tenant, invoice: invoice.id), InvoiceRow(try invoice.view(), position: position)
        )
    }

    /// The columns that make an ``InvoicesApplication/StoredInvoice``.
    static let storedInvoice = ["id", "revision", "due_day", "document_version", "document"]

    /// What the next columns of a row store, see ``storedInvoice``.
    static func stored(_ columns: inout PostgresRow.Columns) throws -> StoredInvoice {
        StoredInvoice(
            id: InvoiceID(try columns.next(UUID.self)), revision: Revision(try columns.next(Int64.self)),
            dueDay: try columns.next(PostgresDate?.self).flatMap(CalendarDate.init),
            document: InvoiceDocument(
                version: Int(try columns.next(Int32.self)), bytes: try columns.next([UInt8].self)))
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
