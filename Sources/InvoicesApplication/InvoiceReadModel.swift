package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// Where invoices are read from: the port that the read database fills.
package protocol InvoiceReadModel: Sendable {
    func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView?

    /// Those of the invoices that there are, in any order. Each id stands once.
    func invoices(_ ids: [InvoiceID], of tenant: TenantID) async throws -> [InvoiceView]

    /// Invoices from the newest to the oldest.
    ///
    /// - Parameters:
    ///   - place: where the page before ended, excluded; nil begins with the newest.
    ///   - limit: the most invoices to return, at least 1.
    func invoices(of tenant: TenantID, after place: InvoicePlace?, limit: Int) async throws -> [InvoiceView]
}

/// The place of an invoice among those of its tenant, from the newest to the oldest: its creation and, where two were
/// created at the same time, its id.
package struct InvoicePlace: Hashable, Sendable {
    package let createdAt: Date
    package let id: InvoiceID

    package init(createdAt: Date, id: InvoiceID) {
        self.createdAt = createdAt
        self.id = id
    }
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
