package import EventSourcing
import FoundationEssentials
import InvoicesApplication
package import InvoicesDomain

/// An invoice of a tenant: what the rows of an invoice's projections are found by.
package struct InvoiceKey: Hashable, Sendable {
    package let tenant: TenantID
    package let invoice: InvoiceID

    package init(tenant: TenantID, invoice: InvoiceID) {
        self.tenant = tenant
        self.invoice = invoice
    }

    /// The invoice that an event is about.
    package init(of recorded: Recorded<InvoiceEvent>) {
        let invoice =
            switch recorded.event {
            case .created(let created): created.invoiceId
            case .paid(let paid): paid.invoiceId
            }
        self.init(tenant: recorded.record.tenant, invoice: invoice)
    }

    /// The stream of the invoice's events.
    package var stream: StreamName {
        get throws {
            try StreamName(of: invoice, tenant: tenant)
        }
    }
}
