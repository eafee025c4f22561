package import EventSourcing
package import InvoicesDomain

/// What a command may reach: the invoices of one tenant, on behalf of one caller.
package struct Invoicing: Sendable {
    package let invoices: AggregateStore<Invoice>
    package let context: MessageContext

    package init(invoices: AggregateStore<Invoice>, context: MessageContext) {
        self.invoices = invoices
        self.context = context
    }

    /// Decides on one invoice; see ``EventSourcing/AggregateStore/transact(_:in:expecting:_:)``.
    func transact(
        _ invoice: InvoiceID, expecting expected: ExpectedRevision? = nil,
        _ decide: (Invoice) throws -> [InvoiceEvent]
    ) async throws -> InvoiceCommit {
        let stream = try StreamName(of: invoice, tenant: context.tenant)
        let outcome = try await invoices.transact(stream, in: context, expecting: expected, decide)
        return InvoiceCommit(invoice: invoice, revision: outcome.revision, position: outcome.position)
    }
}

/// Where a command left an invoice.
package struct InvoiceCommit: Hashable, Sendable {
    package let invoice: InvoiceID
    /// The invoice's last revision; nil only for an invoice that does not exist.
    package let revision: Revision?
    /// What a reader has to have seen to see the outcome.
    package let position: Position
}
