package import EventSourcing
package import InvoicesDomain

/// Makes a draft an invoice that is to be paid, with the next number of its series and year.
package struct IssueInvoice: Command {
    package static let name = "invoices.invoice.issue"

    package let invoice: InvoiceID
    package let series: InvoiceSeries
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(
        _ invoice: InvoiceID, in series: InvoiceSeries = .standard, expecting: ExpectedRevision? = nil
    ) {
        self.invoice = invoice
        self.series = series
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) {
            try $0.issue(at: invoicing.context.now, series: series)
        }
    }
}
