package import EventSourcing
package import InvoicesDomain

/// Changes a draft.
package struct ReviseInvoice: Command {
    package static let name = "invoices.invoice.revise"

    package let invoice: InvoiceID
    package let revision: InvoiceRevision
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(
        _ invoice: InvoiceID, to revision: InvoiceRevision, expecting: ExpectedRevision? = nil
    ) {
        self.invoice = invoice
        self.revision = revision
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) {
            try $0.revise(revision, at: invoicing.context.now)
        }
    }
}
