package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain

/// Turns the events of an invoice into its row in the read model.
package struct InvoiceProjection: StreamRowProjection {
    package init() {}

    package func key(for recorded: Recorded<InvoiceEvent>) -> InvoiceKey? { InvoiceKey(of: recorded) }

    package func stream(of key: InvoiceKey) throws -> StreamName { try key.stream }

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
