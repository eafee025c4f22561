package import EventSourcing
package import InvoicesDomain

/// Where invoices are read from: the port that the read database fills.
package protocol InvoiceReadModel: Sendable {
    func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView?

    /// The invoice as callers read it.
    ///
    /// - Parameter revision: with it the answer need not show what came later; nil asks for the invoice as it is.
    func document(of id: InvoiceID, of tenant: TenantID, atLeast revision: Revision?) async throws -> InvoiceDocument?

    /// Those of the invoices that there are, in any order. Each id stands once.
    func invoices(_ ids: [InvoiceID], of tenant: TenantID) async throws -> [InvoiceView]

    /// The documents of invoices that meet a filter, from an edge on and away from it: before a place, the last one comes first.
    ///
    /// - Parameters:
    ///   - edge: where to begin, the place itself excluded; nil begins with the first invoice.
    ///   - limit: the most invoices to return, at least 1.
    func documents(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> [ListedInvoice]

    /// How many invoices meet a filter.
    func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64
}

/// What a query may reach: the read model, for one tenant.
package struct InvoiceReading: Sendable {
    package let readModel: any InvoiceReadModel
    package let tenant: TenantID

    package init(readModel: any InvoiceReadModel, tenant: TenantID) {
        self.readModel = readModel
        self.tenant = tenant
    }
}
