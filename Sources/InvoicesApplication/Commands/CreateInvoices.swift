package import EventSourcing
package import InvoicesDomain

/// Makes out several invoices: all those that can be, stored together by one append, or none if that fails.
package struct CreateInvoices: Command {
    package static let name = "invoices.invoice.create_several"

    /// At most as many as an append takes events of: each may have two.
    package let invoices: [NewInvoice]

    package init(_ invoices: [NewInvoice]) { self.invoices = invoices }

    package func execute(in invoicing: Invoicing) async throws -> CreatedInvoices {
        let decisions = invoices.map { invoice in
            Result { () throws(InvoiceError) in try Invoice().create(invoice, at: invoicing.context.now) }
        }
        let accepted = try zip(invoices, decisions).compactMap { invoice, decision in
            try (try? decision.get()).map { events in
                (stream: try StreamName(of: invoice.id, tenant: invoicing.context.tenant), events: events)
            }
        }
        let position = accepted.isEmpty ? nil : try await invoicing.begin(accepted)
        return CreatedInvoices(
            outcomes: zip(invoices, decisions).map { invoice, decision in
                decision.map { events in
                    CreatedInvoices.Created(invoice: invoice.id, revision: Revision(Int64(events.count - 1)))
                }
            },
            position: position)
    }
}

/// What has become of invoices that were to be made out together.
package struct CreatedInvoices: Hashable, Sendable {
    /// In the order that they were asked for.
    package let outcomes: [Result<Created, InvoiceError>]
    /// What a reader has to have seen to see them; nil when none could be made out.
    package let position: Position?

    package struct Created: Hashable, Sendable {
        package let invoice: InvoiceID
        /// The invoice's last revision.
        package let revision: Revision
    }
}
