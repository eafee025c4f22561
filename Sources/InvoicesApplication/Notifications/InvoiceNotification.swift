package import InvoicesDomain

/// The content of a notification about an invoice.
package struct InvoiceNotification: Hashable, Sendable {
    /// The same each time that it is sent: receivers tell a repetition by it. The id of the event.
    package let id: String
    package let template: NotificationTemplate
    package let language: NotificationLanguage
    /// An address of mail; nil where none is known.
    package let recipient: String?
    package let values: NotificationValues

    package init(
        id: String, template: NotificationTemplate, language: NotificationLanguage, recipient: String?,
        values: NotificationValues
    ) {
        self.id = id
        self.template = template
        self.language = language
        self.recipient = recipient
        self.values = values
    }
}

/// What is told. The raw values name templates.
package enum NotificationTemplate: String, CaseIterable, Codable, Sendable {
    /// An invoice was issued: created as an invoice, or a draft that was issued.
    case created
    /// A payment was received.
    case paid
    /// A payment was reversed.
    case reversed
    /// An invoice was not paid in time.
    case overdue
    /// An overdue invoice is still not paid.
    case reminder
}

/// A language of the templates. The raw values are language tags.
package enum NotificationLanguage: String, CaseIterable, Codable, Sendable {
    case english = "en"
    case german = "de"
}

/// What a template can say. Amounts are in minor units of the currency.
package struct NotificationValues: Codable, Hashable, Sendable {
    package let invoiceId: InvoiceID
    package let customerId: CustomerID
    package let number: InvoiceNumber?
    package let reference: String?
    package let currency: String
    package let total: Int64
    package let due: Int64
    package let issueDate: CalendarDate?
    package let dueDate: CalendarDate?
    /// Of the payment that was received or reversed, and when that was.
    package let payment: Payment?

    package struct Payment: Codable, Hashable, Sendable {
        package let amount: Int64
        package let day: CalendarDate
        /// Of a received payment: what the payer or the bank knows it by.
        package let reference: String?
        /// Of a reversed payment.
        package let reason: String?

        package init(amount: Int64, day: CalendarDate, reference: String? = nil, reason: String? = nil) {
            self.amount = amount
            self.day = day
            self.reference = reference
            self.reason = reason
        }
    }

    package init(_ invoice: InvoiceDetails, payment: Payment? = nil) {
        invoiceId = invoice.id
        customerId = invoice.terms.customerId
        number = invoice.number
        reference = invoice.terms.reference?.rawValue
        currency = invoice.terms.currency
        total = invoice.terms.amount
        due = invoice.standing.due
        issueDate = invoice.issueDate
        dueDate = invoice.terms.dueDate
        self.payment = payment
    }
}

extension NotificationTemplate {
    /// Whether it asks for money that is due when it is sent.
    var isDemand: Bool { self == .overdue || self == .reminder }

    /// What is told of an event, and of which payment; nil for an event of which nothing is told.
    init?(_ event: InvoiceEvent) {
        switch event {
        case .created(let created) where created.issuedAt != nil: self = .created
        case .issued: self = .created
        case .paymentReceived: self = .paid
        case .paymentReversed: self = .reversed
        case .becameOverdue: self = .overdue
        case .reminderRequested: self = .reminder
        case .created, .revised, .refunded, .voided: return nil
        }
    }
}

extension NotificationValues.Payment {
    /// - Parameter calendar: on which day it was.
    init?(_ event: InvoiceEvent, in calendar: BusinessCalendar) {
        switch event {
        case .paymentReceived(let payment):
            self.init(amount: payment.amount, day: calendar.day(at: payment.paidAt), reference: payment.reference)
        case .paymentReversed(let reversal):
            self.init(amount: reversal.amount, day: calendar.day(at: reversal.reversedAt), reason: reversal.reason)
        case .created, .revised, .issued, .refunded, .voided, .becameOverdue, .reminderRequested: return nil
        }
    }
}
