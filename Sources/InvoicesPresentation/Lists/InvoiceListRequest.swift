import EventSourcing
import FoundationEssentials
import HTTPConventions
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// A page of a list as it is asked for: which invoices, in which order, and where the page begins.
struct InvoiceListRequest {
    let query: FindInvoices
    /// Makes cursors of this list.
    let cursor: InvoiceCursor
    /// What was due before it is overdue.
    let day: CalendarDate

    /// - Throws: a ``Problem`` with everything that is wrong with the parameters.
    init(_ request: Request, today: CalendarDate) throws(Problem) {
        var parameters = QueryParameters(of: request, texts: ["q"])
        let limit = parameters.integer("limit", in: RequestLimits.pageSizes, default: RequestLimits.defaultPageSize)
        let order = parameters.value("sort", else: .unknownValue, expecting: InvoiceOrder.expectation) {
            InvoiceOrder(name: $0)
        }
        let sorted = order ?? .newestFirst
        let text = parameters.searchText()
        // Another form of the same text makes no other list.
        cursor = InvoiceCursor(
            list: parameters.text(without: ["cursor", "limit", "q", "sort", "total"])
                + (text.map { "&q=" + $0.caseFolded } ?? "") + "&sort=" + sorted.name)
        let edge = parameters.value("cursor", else: .invalidCursor, expecting: Self.cursorExpectation) { [cursor] in
            cursor.edge(in: $0, sortedBy: sorted.key)
        }
        let wantsTotal = parameters.bool("total") ?? false
        day = parameters.date("on") ?? today
        var filter = parameters.invoiceFilter(on: day)
        filter.text = text
        try parameters.finish()
        query = FindInvoices(filter, in: sorted, from: edge, limit: limit, wantsTotal: wantsTotal)
    }

    private static let cursorExpectation = """
        Send nextCursor or prevCursor of a page of the same list as it was, with the same filters and the same sort, or \
        leave the cursor out to begin with the first invoice.
        """
}

extension InvoiceOrder {
    /// As a parameter says it: the key, after a minus when the largest comes first.
    fileprivate init?(name: String) {
        let isDescending = name.hasPrefix("-")
        guard let key = Key(rawValue: String(isDescending ? name.dropFirst() : name[...])) else { return nil }
        self.init(by: key, isDescending: isDescending)
    }

    fileprivate var name: String { (isDescending ? "-" : "") + key.rawValue }

    fileprivate static let expectation =
        "Send one of \(Key.allCases.map(\.rawValue).joined(separator: ", ")), with a minus before it for the reverse."
}

extension QueryParameters {
    fileprivate mutating func invoiceFilter(on day: CalendarDate) -> InvoiceFilter {
        var filter = InvoiceFilter()
        filter.states = values("state", as: InvoiceState.self)
        filter.paymentStatuses = values("paymentStatus", as: PaymentStatus.self)
        filter.customer = value(
            "customerId", else: .notAUUID, expecting: "Send the customer's UUID.",
            read: { CustomerID($0) })
        filter.currency = value(
            "currency", else: .unknownCurrency, expecting: MemberFormat<Currency>.currency.expectation,
            read: Currency.init(code:))
        filter.number = value(
            "number", else: .invalidNumber, expecting: "Send a number as invoices have it, such as INV-2026-000001.",
            read: InvoiceNumber.init)
        filter.amount = .init(
            from: integer("amountFrom", in: RequestLimits.amounts), to: integer("amountTo", in: RequestLimits.amounts))
        filter.created = .init(from: time("createdFrom"), to: time("createdTo"))
        filter.issued = .init(from: time("issuedFrom"), to: time("issuedTo"))
        filter.due = .init(from: date("dueFrom"), to: date("dueTo"))
        filter.overdue = bool("overdue").map { InvoiceFilter.Overdue($0, on: day) }
        return filter
    }

    fileprivate mutating func searchText() -> String? {
        value(
            "q", else: .invalidText,
            expecting: "Send 1 to \(Reference.longest) characters on one line, not only blanks.",
            read: { Reference($0)?.rawValue })
    }

    fileprivate mutating func date(_ name: String) -> CalendarDate? {
        value(
            name, else: .notADate, expecting: MemberFormat<CalendarDate>.date.expectation, read: CalendarDate.init)
    }

    private mutating func time(_ name: String) -> Date? {
        value(name, else: .notATime, expecting: MemberFormat<Date>.time.expectation, read: RFC3339.date(from:))
    }
}
