package import FoundationEssentials

// Events hold plain values where the domain has types of its own: facts are readable whatever limits hold later.

/// An invoice was made out to a customer: as a draft, or issued at once.
package struct InvoiceCreated: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let terms: InvoiceTerms
    package let createdAt: Date
    /// Since when the invoice is open; nil for a draft, which is opened by ``InvoiceIssued``.
    package let issuedAt: Date?
    /// What an ``InvoiceSeries`` is written as; nil for a draft. Invoices of the first version were issued in no series
    /// and have no number.
    package let series: String?
    /// Of the number: the year of the issue date; nil without a series.
    package let year: Int?
    /// The day that the invoice bears; nil for a draft, and in events from before there were issue dates.
    package let issueDate: CalendarDate?
    /// Of the number: given by the event store, and not part of the stored data.
    package internal(set) var sequenceNumber: Int64?

    private enum CodingKeys: String, CodingKey { case invoiceId, terms, createdAt, issuedAt, series, year, issueDate }

    /// - Parameters:
    ///   - series: where the invoice is issued at once; nil leaves it a draft.
    ///   - issueDate: the day that an invoice that is issued bears; nil for the day in UTC.
    /// - Precondition: the time is between the years 1 and 9999.
    package init(
        invoiceId: InvoiceID, terms: InvoiceTerms, createdAt: Date, issuedIn series: InvoiceSeries? = nil,
        on issueDate: CalendarDate? = nil
    ) {
        self.init(
            invoiceId: invoiceId, terms: terms, createdAt: createdAt, issuedAt: series.map { _ in createdAt },
            series: series?.rawValue,
            issueDate: series.map { _ in issueDate ?? CalendarDate(inUTC: createdAt) })
    }

    /// An invoice of the first version, open from the start.
    init(invoiceId: InvoiceID, terms: InvoiceTerms, openSince createdAt: Date) {
        self.init(
            invoiceId: invoiceId, terms: terms, createdAt: createdAt, issuedAt: createdAt, series: nil, issueDate: nil)
    }

    private init(
        invoiceId: InvoiceID, terms: InvoiceTerms, createdAt: Date, issuedAt: Date?, series: String?,
        issueDate: CalendarDate?
    ) {
        self.invoiceId = invoiceId
        self.terms = terms
        self.createdAt = createdAt
        self.issuedAt = issuedAt
        self.series = series
        self.issueDate = issueDate
        year = issueDate?.year
    }
}

/// A draft was changed, and says this now.
package struct InvoiceRevised: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let terms: InvoiceTerms
    package let revisedAt: Date

    package init(invoiceId: InvoiceID, terms: InvoiceTerms, revisedAt: Date) {
        self.invoiceId = invoiceId
        self.terms = terms
        self.revisedAt = revisedAt
    }
}

/// A draft became an invoice that is to be paid. The event store numbers these events in each series and year.
package struct InvoiceIssued: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    /// What an ``InvoiceSeries`` is written as.
    package let series: String
    /// Of the number: the year of the issue date.
    package let year: Int
    package let issuedAt: Date
    /// The day that the invoice bears; nil in events from before there were issue dates.
    package let issueDate: CalendarDate?
    /// Of the number: given by the event store, and not part of the stored data.
    package internal(set) var sequenceNumber: Int64?

    private enum CodingKeys: String, CodingKey { case invoiceId, series, year, issuedAt, issueDate }

    /// - Parameter issueDate: the day that the invoice bears; nil for the day in UTC.
    /// - Precondition: the time is between the years 1 and 9999.
    package init(invoiceId: InvoiceID, series: InvoiceSeries, issuedAt: Date, on issueDate: CalendarDate? = nil) {
        let issueDate = issueDate ?? CalendarDate(inUTC: issuedAt)
        self.invoiceId = invoiceId
        self.series = series.rawValue
        year = issueDate.year
        self.issuedAt = issuedAt
        self.issueDate = issueDate
    }
}

/// Some or all of what is due was paid.
package struct InvoicePaymentReceived: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    /// The payment's id. A payment that was stored without one has the id of its event.
    package internal(set) var paymentId: PaymentID?
    /// In minor units of the invoice's currency.
    package let amount: Int64
    /// A ``PaymentMethod``, if it is known.
    package let method: String?
    /// What the payer or the bank knows the payment by.
    package let reference: String?
    package let paidAt: Date

    package init(
        invoiceId: InvoiceID, paymentId: PaymentID, amount: Int64, method: PaymentMethod? = nil,
        reference: Reference? = nil, paidAt: Date
    ) {
        self.invoiceId = invoiceId
        self.paymentId = paymentId
        self.amount = amount
        self.method = method?.rawValue
        self.reference = reference?.rawValue
        self.paidAt = paidAt
    }
}

/// The money of a payment was not received after all: a direct debit bounced, a card payment was charged back. Its
/// amount is due again.
package struct InvoicePaymentReversed: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let paymentId: PaymentID
    /// The payment's amount, in minor units of the invoice's currency.
    package let amount: Int64
    package let reason: String
    package let reversedAt: Date

    package init(invoiceId: InvoiceID, paymentId: PaymentID, amount: Int64, reason: Reason, reversedAt: Date) {
        self.invoiceId = invoiceId
        self.paymentId = paymentId
        self.amount = amount
        self.reason = reason.rawValue
        self.reversedAt = reversedAt
    }
}

/// Some or all of what was paid was given back.
package struct InvoiceRefunded: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    /// In minor units of the invoice's currency.
    package let amount: Int64
    package let reason: String?
    package let refundedAt: Date

    package init(invoiceId: InvoiceID, amount: Int64, reason: Reason? = nil, refundedAt: Date) {
        self.invoiceId = invoiceId
        self.amount = amount
        self.reason = reason?.rawValue
        self.refundedAt = refundedAt
    }
}

/// An invoice was withdrawn.
package struct InvoiceVoided: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let reason: String
    package let voidedAt: Date

    package init(invoiceId: InvoiceID, reason: Reason, voidedAt: Date) {
        self.invoiceId = invoiceId
        self.reason = reason.rawValue
        self.voidedAt = voidedAt
    }
}

/// The due date passed while something was due.
package struct InvoiceBecameOverdue: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let dueDate: CalendarDate
    /// What is due, in minor units of the invoice's currency.
    package let dueAmount: Int64
    /// When it was noticed: the start of the day after the due date, or later.
    package let overdueAt: Date

    package init(invoiceId: InvoiceID, dueDate: CalendarDate, dueAmount: Int64, overdueAt: Date) {
        self.invoiceId = invoiceId
        self.dueDate = dueDate
        self.dueAmount = dueAmount
        self.overdueAt = overdueAt
    }
}

/// A reminder of an overdue invoice is to be sent.
package struct InvoiceReminderRequested: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let dueDate: CalendarDate
    /// What is due, in minor units of the invoice's currency.
    package let dueAmount: Int64
    /// So many days after the due date the reminder was to be sent.
    package let daysOverdue: Int
    package let requestedAt: Date

    package init(
        invoiceId: InvoiceID, dueDate: CalendarDate, dueAmount: Int64, daysOverdue: Int, requestedAt: Date
    ) {
        self.invoiceId = invoiceId
        self.dueDate = dueDate
        self.dueAmount = dueAmount
        self.daysOverdue = daysOverdue
        self.requestedAt = requestedAt
    }
}
