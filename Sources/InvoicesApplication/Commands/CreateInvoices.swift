package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// Makes out several invoices: all those that can be, stored together by one append, or none if that fails.
package struct CreateInvoices: Command {
    package static let name = "invoices.invoice.create_several"

    /// At most as many as an append takes events of.
    package let invoices: [NewInvoice]

    package init(_ invoices: [NewInvoice]) { self.invoices = invoices }

    package func execute(in invoicing: Invoicing) async throws -> CreatedInvoices {
        let context = invoicing.context
        let decisions = invoices.map { invoice in
            Result { () throws(InvoiceError) in try Invoice().create(invoice, at: context.now, in: invoicing.calendar) }
        }
        let accepted = zip(invoices, decisions).compactMap { invoice, decision in
            (try? decision.get()).map { events in (invoice: invoice.id, events: events) }
        }
        let begun = accepted.isEmpty ? nil : try await invoicing.begin(accepted)
        // The same request is decided in the same way: of a repetition only the invoices are others.
        var created = begun?.invoices.makeIterator()
        let outcomes = decisions.map { decision in
            decision.flatMap { _ in created?.next().map(Result.success) ?? .failure(.notFound) }
        }
        return CreatedInvoices(
            outcomes: outcomes, position: begun?.position, decidedAt: begun?.decidedAt ?? context.now,
            correlationID: begun?.correlationID ?? context.correlationID, isRepetition: begun?.isRepetition ?? false)
    }
}

/// What has become of invoices that were to be made out together.
package struct CreatedInvoices: Hashable, Sendable {
    /// In the order that they were asked for.
    package let outcomes: [Result<InvoiceView, InvoiceError>]
    /// What a reader has to have seen to see them; nil when none could be made out.
    package let position: Position?
    /// By what time it was decided; of a repetition, the first time.
    package let decidedAt: Date
    /// The name of the request that it was decided for; of a repetition, of the first one.
    package let correlationID: String
    /// True when the command had been handled before, and this is the outcome of then.
    package let isRepetition: Bool
}
