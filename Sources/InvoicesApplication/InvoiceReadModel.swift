package import EventSourcing
package import InvoicesDomain

/// Where invoices are read from: the port that the read database fills.
package protocol InvoiceReadModel: Sendable {
    /// - Throws: ``InvoiceSetAside`` when there are events of it that could not be applied.
    func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice?

    /// The invoices that meet a filter, from an edge on and away from it: before a place, the last one comes first.
    ///
    /// - Parameters:
    ///   - edge: where to begin, the place itself excluded; nil begins with the first invoice.
    ///   - limit: the most invoices to return, at least 1.
    func invoices(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> ListedInvoices

    /// How many invoices meet a filter.
    func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64

    /// The statement of a customer; one without balances for a customer of whom nothing is known.
    ///
    /// - Parameter day: what is due before it is overdue.
    func statement(of customer: CustomerID, of tenant: TenantID, on day: CalendarDate) async throws -> CustomerStatement
}

/// What a query may use: the read model, for one tenant.
package struct InvoiceReading: Sendable {
    package let readModel: any InvoiceReadModel
    package let tenant: TenantID

    package init(readModel: any InvoiceReadModel, tenant: TenantID) {
        self.readModel = readModel
        self.tenant = tenant
    }
}
