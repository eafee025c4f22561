package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain

/// Turns the events of an invoice into its row in the read model.
package struct InvoiceProjection: StreamRowProjection {
    /// An invoice of a tenant.
    package struct Key: Hashable, Sendable {
        package let tenant: TenantID
        package let invoice: InvoiceID

        package init(tenant: TenantID, invoice: InvoiceID) {
            self.tenant = tenant
            self.invoice = invoice
        }
    }

    package init() {}

    package func key(for recorded: Recorded<InvoiceEvent>) -> Key? {
        let invoice =
            switch recorded.event {
            case .created(let created): created.invoiceId
            case .paid(let paid): paid.invoiceId
            }
        return Key(tenant: recorded.record.tenant, invoice: invoice)
    }

    package func stream(of key: Key) throws -> StreamName {
        try StreamName(
            category: StreamCategory(context: "invoices", aggregate: "invoice", schema: 1), tenant: key.tenant,
            entityID: key.invoice.description)
    }

    package func evolve(_ row: inout InvoiceView?, with recorded: Recorded<InvoiceEvent>) {
        switch recorded.event {
        case .created(let created):
            row = InvoiceView(created)
        case .paid(let paid):
            row?.status = .paid
            row?.paidAt = paid.paidAt
        }
        row?.revision = recorded.record.revision
    }
}

extension InvoiceView {
    fileprivate init?(_ created: InvoiceCreated) {
        guard let currency = Currency(code: created.currency) else { return nil }
        self.init(
            id: created.invoiceId, customer: created.customerId,
            total: Money(minorUnits: created.amount, currency: currency), status: .open, reference: created.reference,
            dueDate: created.dueDate, createdAt: created.createdAt, paidAt: nil, revision: .first)
    }
}
