package import FoundationEssentials
package import InvoicesDomain

/// What a list of invoices is sorted by. Invoices without a value come last either way, and those with the same one are
/// in the order of their ids.
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

/// The place of an invoice in a list: its value in the order, and its id.
package struct InvoicePlace: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case time(Date)
        case date(CalendarDate)
        case amount(Int64)
        case number(InvoiceNumber)
    }

    /// Nil for an invoice that has none, which is among the last.
    package let value: Value?
    package let id: InvoiceID

    package init(_ value: Value?, id: InvoiceID) {
        self.value = value
        self.id = id
    }

    package init(of invoice: InvoiceView, in order: InvoiceOrder) {
        id = invoice.id
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
