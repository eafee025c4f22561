package import EventSourcing
package import InvoicesDomain

/// Makes a draft an invoice that is to be paid, with the next number of its series and of the year of its issue date.
package struct IssueInvoice: Command {
    package static let name = "invoices.invoice.issue"

    package let invoice: InvoiceID
    package let series: InvoiceSeries
    /// The day that the invoice is to bear; nil for today.
    package let issueDate: CalendarDate?
    /// The revision that the caller has seen, if it insists on it.
    package let expecting: ExpectedRevision?

    package init(
        _ invoice: InvoiceID, in series: InvoiceSeries = .standard, on issueDate: CalendarDate? = nil,
        expecting: ExpectedRevision? = nil
    ) {
        self.invoice = invoice
        self.series = series
        self.issueDate = issueDate
        self.expecting = expecting
    }

    package func execute(in invoicing: Invoicing) async throws -> InvoiceCommit {
        try await invoicing.transact(invoice, expecting: expecting) {
            try $0.issue(at: invoicing.context.now, series: series, on: issueDate, in: invoicing.calendar)
        }
    }
}
