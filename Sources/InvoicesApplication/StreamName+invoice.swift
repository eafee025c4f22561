package import EventSourcing
package import InvoicesDomain

extension StreamName {
    /// The stream of an invoice's events.
    package init(of invoice: InvoiceID, tenant: TenantID) throws {
        try self.init(category: .invoices, tenant: tenant, entityID: invoice.description)
    }
}

extension StreamCategory {
    /// Of the streams of invoices.
    package static let invoices: StreamCategory = {
        do { return try StreamCategory(context: "invoices", aggregate: "invoice", schema: 1) } catch {
            preconditionFailure("\(error)")
        }
    }()
}
