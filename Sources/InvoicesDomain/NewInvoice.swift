/// What an invoice is made out with.
package struct NewInvoice: Hashable, Sendable {
    package let id: InvoiceID
    package let customer: CustomerID
    package let contents: InvoiceContents
    package let currency: Currency
    package let dueDate: CalendarDate?
    package let reference: Reference?
    /// How lines are rounded.
    package let roundingRule: RoundingRule
    /// The series that the invoice is issued in at once; nil leaves it a draft.
    package let series: InvoiceSeries?
    /// The day that an invoice that is issued at once is to bear; nil for the day on which it is issued.
    package let issueDate: CalendarDate?

    package init(
        id: InvoiceID, customer: CustomerID, contents: InvoiceContents, currency: Currency,
        dueDate: CalendarDate? = nil, reference: Reference? = nil, roundedBy roundingRule: RoundingRule = .standard,
        issuedIn series: InvoiceSeries? = .standard, on issueDate: CalendarDate? = nil
    ) {
        self.id = id
        self.customer = customer
        self.contents = contents
        self.currency = currency
        self.dueDate = dueDate
        self.reference = reference
        self.roundingRule = roundingRule
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
    package let roundingRule: Change<RoundingRule>
    /// How lines are rounded that take the place of an amount, unless the revision sets a rule.
    package let defaultRoundingRule: RoundingRule

    package init(
        customer: Change<CustomerID> = .keep, contents: Change<InvoiceContents> = .keep,
        currency: Change<Currency> = .keep, dueDate: Change<CalendarDate?> = .keep,
        reference: Change<Reference?> = .keep, roundingRule: Change<RoundingRule> = .keep,
        defaultRoundingRule: RoundingRule = .standard
    ) {
        self.customer = customer
        self.contents = contents
        self.currency = currency
        self.dueDate = dueDate
        self.reference = reference
        self.roundingRule = roundingRule
        self.defaultRoundingRule = defaultRoundingRule
    }
}

/// Another value, or the one that there is.
package enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
    case keep
    case set(Value)
}
