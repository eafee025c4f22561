import EventSourcing
import InvoicesApplication
import InvoicesDomain

/// Rows that were written before documents listed payments: their payments are read from the events, until a rebuild
/// replaces these rows.
extension PostgresInvoiceReadModel {
    /// The invoice with its payments. If the document lacks them, the invoice is folded from its events up to the row's
    /// revision.
    func listingPayments(_ invoice: StoredInvoice, of tenant: TenantID) async throws -> StoredInvoice {
        guard try invoice.document.lacksPayments() else { return invoice }
        let stream = try StreamName(of: invoice.id, tenant: tenant)
        let folded = try await AggregateReader<Invoice>(events).load(stream, asOf: .revision(invoice.revision))
        // Without the events of that revision, as after a restore of the event store, the row is all that is known.
        guard let view = InvoiceView(folded), view.revision == invoice.revision else { return invoice }
        return StoredInvoice(
            id: invoice.id, revision: invoice.revision, dueDay: invoice.dueDay,
            document: try InvoiceDocument(view.details))
    }

    /// The same for each invoice of a list. The streams are read concurrently.
    func listingPayments(_ invoices: [ListedInvoice], of tenant: TenantID) async throws -> [ListedInvoice] {
        let lacking = try invoices.indices.filter { try invoices[$0].invoice.document.lacksPayments() }
        guard !lacking.isEmpty else { return invoices }
        var invoices = invoices
        try await withThrowingTaskGroup(of: (Int, StoredInvoice).self) { group in
            for index in lacking {
                let invoice = invoices[index].invoice
                group.addTask { (index, try await listingPayments(invoice, of: tenant)) }
            }
            for try await (index, invoice) in group {
                invoices[index] = ListedInvoice(invoice, at: invoices[index].place)
            }
        }
        return invoices
    }
}
