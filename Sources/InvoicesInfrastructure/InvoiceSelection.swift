import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The statements of a list of invoices: made of conditions, with everything that a caller says in arguments.
///
/// A statement has the arguments of its conditions. So there are as many texts as there are kinds of lists, and each is
/// prepared once.
struct InvoiceSelection {
    private var conditions: [String] = []
    private var arguments: [(key: String, value: any PostgresEncodable)] = []

    /// As many rows as the largest usual page has, and one more. It is part of the statements, because PostgreSQL plans a
    /// limit that is an argument for a tenth of all invoices, and then plans the statement each time that it is run.
    private static let usualLimit = 201

    /// Rows that are in an order one after another: those with a value, or those without.
    enum Segment: Hashable {
        case valued
        case valueless
    }

    /// - Parameter found: the invoices with the text of the filter, where they were looked up before.
    init(_ filter: InvoiceFilter, of tenant: TenantID, found: [UUID]? = nil) {
        add("tenant = :tenant", ("tenant", tenant.rawValue))
        addStates(filter.states)
        if !filter.paymentStatuses.isEmpty {
            add("payment_status = any (:statuses)", ("statuses", filter.paymentStatuses.map(\.rawValue)))
        }
        add("customer_id = :customer", "customer", filter.customer?.rawValue)
        add("currency = :currency", "currency", filter.currency?.code)
        if let number = filter.number {
            add("series = :series", ("series", number.series.rawValue))
            add("number_year = :year", ("year", Int32(number.year)))
            add("number_in_year = :number", ("number", number.number))
        }
        add("amount >= :amount_from", "amount_from", filter.amount.lower)
        add("amount <= :amount_to", "amount_to", filter.amount.upper)
        add("created_at >= :created_from", "created_from", filter.created.lower)
        add("created_at < :created_to", "created_to", filter.created.upper)
        add("issued_at >= :issued_from", "issued_from", filter.issued.lower)
        add("issued_at < :issued_to", "issued_to", filter.issued.upper)
        add("due_date >= :due_from", "due_from", filter.due.lower.flatMap(PostgresDate.init))
        add("due_date <= :due_to", "due_to", filter.due.upper.flatMap(PostgresDate.init))
        if let overdue = filter.overdue {
            // The day is the due date where there is one; so said, an index serves those that are overdue.
            add(
                overdue.isOverdue
                    ? "due_day is not null and due_date < :overdue_day" : "(due_day < :overdue_day) is not true",
                "overdue_day", PostgresDate(overdue.day))
        }
        if let found {
            add("id = any (:found)", ("found", found))
        } else {
            add("search like :pattern", "pattern", filter.text.map { Self.pattern(holding: $0.caseFolded) })
        }
    }

    /// The states are part of the statement, for the index of those that are not closed to serve. One alone is compared by
    /// equality, for the order of the list to follow in an index.
    private mutating func addStates(_ states: Set<InvoiceState>) {
        let names = states.map { "'\($0.rawValue)'" }.sorted()
        switch names.count {
        case 0: break
        case 1: conditions.append("state = \(names[0])")
        default: conditions.append("state in (\(names.joined(separator: ", ")))")
        }
    }

    private mutating func add(_ condition: String, _ argument: (key: String, value: any PostgresEncodable)) {
        conditions.append(condition)
        arguments.append(argument)
    }

    /// A condition that is only there with a value.
    private mutating func add(_ condition: String, _ name: String, _ value: (some PostgresEncodable)?) {
        if let value { add(condition, (name, value)) }
    }

    /// The text between anything, with what has a meaning in a pattern taken literally. It goes by code points: a percent
    /// sign with an accent is one character to `String`, and two to PostgreSQL.
    private static func pattern(holding text: String) -> String {
        var pattern = String.UnicodeScalarView("%".unicodeScalars)
        for scalar in text.unicodeScalars {
            if "\\%_".unicodeScalars.contains(scalar) { pattern.append("\\") }
            pattern.append(scalar)
        }
        pattern.append("%")
        return String(pattern)
    }
}

// MARK: - Looking text up

extension InvoiceSelection {
    /// Of so many invoices it is faster to sort those with the text than to go through the list in its order.
    static let mostFound = 5_000

    /// $1 tenant, $2 what the index has of the text, $3 pattern
    private static let lookUp = PostgresStatement(
        """
        select id from invoices
        where tenant = $1 and string_to_array(search_grams, E'\\n') @> $2 and search like $3
        limit \(mostFound + 1)
        """)

    /// The invoices with a text, one more than ``mostFound`` at most; nil when it is too short for the index.
    static func lookUp(_ text: String, of tenant: TenantID) -> PostgresCall? {
        let folded = text.caseFolded
        let grams = SearchText.grams(toFind: folded)
        return grams.isEmpty ? nil : lookUp(tenant.rawValue, grams, pattern(holding: folded))
    }
}

// MARK: - Statements

extension InvoiceSelection {
    var count: PostgresCall {
        get throws {
            try PostgresStatement("select count(*) from invoices where \(conditions.joined(separator: " and "))")
                .call(naming: arguments)
        }
    }

    /// Invoices of one segment, each with its value in the order, and with the number of invoices that are set aside.
    ///
    /// That number is a column of the page's statement, found once. If the page were joined to it instead, PostgreSQL would no
    /// longer see that few rows are wanted: of a table without statistics it sorts all rows, and keeps to that plan.
    ///
    /// - Parameters:
    ///   - isReversed: whether to read from the end of the list to its beginning.
    ///   - place: what the first invoice follows in the direction of reading; nil for the first of the segment.
    ///   - limit: the most that are wanted.
    func page(
        of segment: Segment, in order: InvoiceOrder, isReversed: Bool, after place: InvoicePlace?, limit: Int
    ) throws -> PostgresCall {
        var selection = self
        let columns = Self.columns(of: order.key)
        // Backwards through the list is up in a descending order, and down in an ascending one.
        let isDescending = order.isDescending != isReversed
        let (comparison, suffix) = isDescending ? ("<", " desc") : (">", "")
        if order.key.isOptional {
            selection.conditions += columns.map { "\($0) is \(segment == .valued ? "not null" : "null")" }
        }
        if let place { selection.add(place, comparison, to: segment == .valued ? columns : []) }
        let sorted = (columns + ["position"]).map { $0 + suffix }.joined(separator: ", ")
        selection.arguments.append(("limit", Int64(limit)))
        return try PostgresStatement(
            """
            select page.*, \(PostgresInvoiceReadModel.setAside(of: ":tenant")) from (
                select \((InvoiceTable.storedInvoice + ["position"] + columns).joined(separator: ", "))
                from invoices where \(selection.conditions.joined(separator: " and "))
                order by \(sorted) limit \(max(limit, Self.usualLimit))) page
            limit :limit
            """
        ).call(naming: selection.arguments)
    }

    /// The condition that a row comes after a place.
    private mutating func add(_ place: InvoicePlace, _ comparison: String, to columns: [String]) {
        let key = (columns + ["position"]).joined(separator: ", ")
        let names = (columns + ["position"]).map { "place_\($0)" }
        conditions.append("(\(key)) \(comparison) (\(names.map { ":\($0)" }.joined(separator: ", ")))")
        let values: [any PostgresEncodable] =
            switch place.value {
            case .time(let time)?: [time]
            case .date(let date)?: [PostgresDate(date)]
            case .amount(let amount)?: [amount]
            case .number(let number)?: [number.series.rawValue, Int32(number.year), number.number]
            case nil: []
            }
        arguments += zip(names, values + [place.position.rawValue]).map { ($0, $1) }
    }

    private static func columns(of key: InvoiceOrder.Key) -> [String] {
        switch key {
        case .createdAt: ["created_at"]
        case .issuedAt: ["issued_at"]
        case .dueDate: ["due_date"]
        case .amount: ["amount"]
        case .number: ["series", "number_year", "number_in_year"]
        }
    }

    /// How many invoices are set aside, as the rows of ``page(of:in:isReversed:after:limit:)`` say; nil without rows.
    static func setAside(in rows: PostgresRows) throws -> Int64? {
        try rows.first.map { try $0[$0.count - 1].decode() }
    }

    /// An invoice and its place, as a row of ``page(of:in:isReversed:after:limit:)`` has them.
    static func listed(_ row: PostgresRow, in order: InvoiceOrder) throws -> ListedInvoice {
        var columns = row.columns
        let invoice = try InvoiceTable.stored(&columns)
        let position = Position(try columns.next(Int64.self))
        let value: InvoicePlace.Value? =
            switch order.key {
            case .createdAt, .issuedAt: try columns.next(Date?.self).map { .time($0) }
            case .dueDate: try columns.next(PostgresDate?.self).flatMap(CalendarDate.init).map { .date($0) }
            case .amount: try columns.next(Int64?.self).map { .amount($0) }
            case .number: try number(&columns).map { .number($0) }
            }
        return ListedInvoice(invoice, at: InvoicePlace(value, position: position))
    }

    private static func number(_ columns: inout PostgresRow.Columns) throws -> InvoiceNumber? {
        let (series, year, number) = (
            try columns.next(String?.self), try columns.next(Int?.self), try columns.next(Int64?.self)
        )
        guard let series = series.flatMap(InvoiceSeries.init), let year, let number else { return nil }
        return InvoiceNumber(series: series, year: year, number: number)
    }
}

extension InvoiceOrder.Key {
    /// Whether there are invoices that have no value in this order.
    var isOptional: Bool {
        switch self {
        case .createdAt, .amount: false
        case .issuedAt, .dueDate, .number: true
        }
    }
}
