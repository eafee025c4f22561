package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain

/// What a list of invoices is sorted by. Invoices without a value come last either way. Those with the same one, and those
/// without, are in the order in which they were made, the latest first in a descending order.
package struct InvoiceOrder: Hashable, Sendable {
    /// The raw values are what the API calls them.
    package enum Key: String, CaseIterable, Sendable {
        case createdAt
        case issuedAt
        case dueDate
        case amount
        /// By series, year and number; not as text, for a number may have seven digits.
        case number
    }

    package let key: Key
    package let isDescending: Bool

    package init(by key: Key, isDescending: Bool = false) {
        self.key = key
        self.isDescending = isDescending
    }

    package static let newestFirst = InvoiceOrder(by: .createdAt, isDescending: true)
}

/// The place of an invoice in a list: its value in the order, and when it was made among those with the same one.
package struct InvoicePlace: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case time(Date)
        case date(CalendarDate)
        case amount(Int64)
        case number(InvoiceNumber)
    }

    /// Nil for an invoice that has none, which is among the last.
    package let value: Value?
    /// Of the event that made the invoice.
    package let position: Position

    package init(_ value: Value?, position: Position) {
        self.value = value
        self.position = position
    }

    package init(of invoice: InvoiceView, madeAt position: Position, in order: InvoiceOrder) {
        self.position = position
        value =
            switch order.key {
            case .createdAt: .time(invoice.createdAt)
            case .issuedAt: invoice.issuedAt.map(Value.time)
            case .dueDate: invoice.terms.dueDate.map(Value.date)
            case .amount: .amount(invoice.terms.amount)
            case .number: invoice.number.map(Value.number)
            }
    }
}

/// Where a page borders on another: it holds what follows a place, or what precedes it.
package enum InvoiceEdge: Hashable, Sendable {
    case after(InvoicePlace)
    case before(InvoicePlace)
}
