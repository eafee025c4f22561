package import FoundationEssentials
package import InvoicesDomain

/// Which invoices a list has: those that meet all of its conditions. One that is nil or empty is none.
package struct InvoiceFilter: Hashable, Sendable {
    /// From the lower bound on, and up to the upper one.
    package struct Bounds<Value: Hashable & Sendable>: Hashable, Sendable {
        package var lower: Value?
        package var upper: Value?

        package init(from lower: Value? = nil, to upper: Value? = nil) {
            self.lower = lower
            self.upper = upper
        }
    }

    /// Whether something is due that was to be paid before a day.
    package struct Overdue: Hashable, Sendable {
        package let isOverdue: Bool
        package let day: CalendarDate

        package init(_ isOverdue: Bool, on day: CalendarDate) {
            self.isOverdue = isOverdue
            self.day = day
        }
    }

    package var states: Set<InvoiceState> = []
    package var paymentStatuses: Set<PaymentStatus> = []
    package var customer: CustomerID?
    package var currency: Currency?
    package var number: InvoiceNumber?
    /// In minor units, both bounds included.
    package var amount = Bounds<Int64>()
    /// The upper bound is excluded, so that one day ends where the next begins.
    package var created = Bounds<Date>()
    /// The upper bound is excluded. Drafts are in no bounds.
    package var issued = Bounds<Date>()
    /// Both bounds are included. Invoices without a due date are in no bounds.
    package var due = Bounds<CalendarDate>()
    package var overdue: Overdue?
    /// A part of the reference or of the number, in any case and any script.
    package var text: String?

    package init() {}
}
