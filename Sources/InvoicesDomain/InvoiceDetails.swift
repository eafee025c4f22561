package import FoundationEssentials

/// What is known of an invoice that exists. It is what read models store: a new member is optional, or has a default.
package struct InvoiceDetails: Codable, Hashable, Sendable {
    package let id: InvoiceID
    /// Nil until it is issued, and for invoices of the first version, which have none.
    package internal(set) var number: InvoiceNumber?
    /// Where it was issued, if it was issued in a series.
    package private(set) var series: String?
    /// What it says now.
    package private(set) var terms: InvoiceTerms
    /// What it said first; nil while that is what it says.
    private var originalTerms: InvoiceTerms?
    package internal(set) var standing: InvoiceStanding
    package let createdAt: Date
    package private(set) var issuedAt: Date?
    /// The issue date of the event; nil while it is a draft, and for invoices from before there were issue dates.
    private var recordedIssueDate: CalendarDate?
    /// When the payment was made that left nothing due; nil while something is due.
    package private(set) var paidAt: Date?
    /// In the order in which they were received. Nil when they are not known: for an invoice with payments whose
    /// document was stored before documents listed them.
    package private(set) var payments: [ReceivedPayment]?
    /// True once a payment was reversed while payments were not known.
    private var hasUnlistedReversal: Bool?
    package private(set) var voidedAt: Date?
    package private(set) var voidReason: String?
    /// That it became overdue, as an event has told; nil where none has, and once nothing is due any more. Whether it is
    /// overdue on a day is told by ``isOverdue(on:)``.
    private(set) var overdueNotice: OverdueNotice?

    package init(_ created: InvoiceCreated) {
        id = created.invoiceId
        series = created.series
        terms = created.terms
        standing = InvoiceStanding(state: created.issuedAt == nil ? .draft : .open, total: created.terms.amount)
        createdAt = created.createdAt
        issuedAt = created.issuedAt
        payments = []
        recordedIssueDate = created.issueDate
    }

    /// The day that it bears, whose year its number has; nil for a draft. Before there were issue dates it was the day in
    /// UTC.
    package var issueDate: CalendarDate? { recordedIssueDate ?? issuedAt.map { CalendarDate(inUTC: $0) } }

    /// Whether it was made out with these terms.
    func wasCreated(with terms: InvoiceTerms) -> Bool { terms == originalTerms ?? self.terms }

    /// The day after which it is overdue; nil when nothing is due on any day.
    package var dueDay: CalendarDate? { standing.dueDay(of: terms.dueDate) }

    /// Whether on that day something is due that was to be paid before it. On the due date it is not yet.
    package func isOverdue(on day: CalendarDate) -> Bool { dueDay.map { $0 < day } ?? false }
}

// MARK: - Folding

extension InvoiceDetails {
    mutating func revise(_ revised: InvoiceTerms) {
        if originalTerms == nil { originalTerms = terms }
        terms = revised
        standing.revise(total: revised.amount)
    }

    mutating func issue(_ issued: InvoiceIssued) {
        series = issued.series
        issuedAt = issued.issuedAt
        recordedIssueDate = issued.issueDate
        standing.issue()
    }

    mutating func receive(_ payment: InvoicePaymentReceived) {
        if standing.receive(payment.amount) {
            paidAt = payment.paidAt
            overdueNotice = nil
        }
        if let received = ReceivedPayment(payment) { payments?.append(received) }
    }

    mutating func reverse(_ reversal: InvoicePaymentReversed) {
        standing.reverse(reversal.amount)
        paidAt = nil
        if payments == nil { hasUnlistedReversal = true }
        guard let index = payments?.firstIndex(where: { $0.id == reversal.paymentId }) else { return }
        payments?[index].reverse(reversal)
    }

    /// Sets an empty list of payments for an invoice whose document was stored before documents listed them, if it had
    /// none.
    package mutating func listPaymentsIfNone() {
        if payments == nil, standing.paid == 0, hasUnlistedReversal != true { payments = [] }
    }

    mutating func void(_ voided: InvoiceVoided) {
        voidedAt = voided.voidedAt
        voidReason = voided.reason
        standing.void()
        overdueNotice = nil
    }

    mutating func becomeOverdue(_ overdue: InvoiceBecameOverdue) {
        overdueNotice = OverdueNotice(dueDate: overdue.dueDate)
    }

    mutating func remind(_ reminder: InvoiceReminderRequested) {
        overdueNotice?.lastReminder = reminder.daysOverdue
    }
}

/// What the events have told of an overdue invoice.
struct OverdueNotice: Codable, Hashable, Sendable {
    /// The day that passed.
    let dueDate: CalendarDate
    /// So many days after the due date the last reminder was due; nil before the first one.
    var lastReminder: Int?
}
