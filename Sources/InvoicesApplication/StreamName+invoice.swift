package import EventSourcing
package import InvoicesDomain

extension StreamName {
    /// The stream of an invoice's events.
    package init(of invoice: InvoiceID, tenant: TenantID) throws {
        try self.init(
            category: StreamCategory(context: "invoices", aggregate: "invoice", schema: 1), tenant: tenant,
            entityID: invoice.description)
    }
}
