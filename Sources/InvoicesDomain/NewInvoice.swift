/// What an invoice is made out with.
package struct NewInvoice: Hashable, Sendable {
    package let id: InvoiceID
    package let customer: CustomerID
    package let contents: InvoiceContents
    package let currency: Currency
    package let dueDate: CalendarDate?
    package let reference: Reference?
    /// The series that the invoice is issued in at once; nil leaves it a draft.
    package let series: InvoiceSeries?
    /// The day that an invoice that is issued at once is to bear; nil for the day on which it is issued.
    package let issueDate: CalendarDate?

    package init(
        id: InvoiceID, customer: CustomerID, contents: InvoiceContents, currency: Currency,
        dueDate: CalendarDate? = nil, reference: Reference? = nil, issuedIn series: InvoiceSeries? = .standard,
        on issueDate: CalendarDate? = nil
    ) {
        self.id = id
        self.customer = customer
        self.contents = contents
        self.currency = currency
        self.dueDate = dueDate
        self.reference = reference
        self.series = series
        self.issueDate = issueDate
    }
}

/// What of a draft becomes something else. Amounts are in minor units of the currency that the draft has afterwards.
package struct InvoiceRevision: Hashable, Sendable {
    package let customer: Change<CustomerID>
    package let contents: Change<InvoiceContents>
    package let currency: Change<Currency>
    package let dueDate: Change<CalendarDate?>
    package let reference: Change<Reference?>

    package init(
        customer: Change<CustomerID> = .keep, contents: Change<InvoiceContents> = .keep,
        currency: Change<Currency> = .keep, dueDate: Change<CalendarDate?> = .keep,
        reference: Change<Reference?> = .keep
    ) {
        self.customer = customer
        self.contents = contents
        self.currency = currency
        self.dueDate = dueDate
        self.reference = reference
    }
}

/// Another value, or the one that there is.
package enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
    case keep
    case set(Value)
}
