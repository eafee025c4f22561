package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// One invoice as it is read.
package struct InvoiceView: Hashable, Sendable {
    package enum Status: String, CaseIterable, Sendable {
        case open
        case paid
    }

    package let id: InvoiceID
    package let customer: CustomerID
    package let total: Money
    package var status: Status
    package let reference: String?
    package let dueDate: CalendarDate?
    package let createdAt: Date
    package var paidAt: Date?
    /// The revision of the last event that is in this view.
    package var revision: Revision

    package init(
        id: InvoiceID, customer: CustomerID, total: Money, status: Status, reference: String?, dueDate: CalendarDate?,
        createdAt: Date, paidAt: Date?, revision: Revision
    ) {
        self.id = id
        self.customer = customer
        self.total = total
        self.status = status
        self.reference = reference
        self.dueDate = dueDate
        self.createdAt = createdAt
        self.paidAt = paidAt
        self.revision = revision
    }
}

/// Where invoices are read from: the port that the read database fills.
package protocol InvoiceReadModel: Sendable {
    func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView?

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
