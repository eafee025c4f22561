import EventSourcing
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import LibPQ

/// The statements of a list of invoices: put together of conditions, with everything that a caller says in parameters.
///
/// All of them have the same parameters, of which a statement uses those of its conditions. So there are as many texts as
/// there are kinds of lists, and each is prepared once.
struct InvoiceSelection {
    let tenant: TenantID
    let filter: InvoiceFilter
    /// The version of the form that documents have to have.
    let form: Int

    /// Of each parameter, its number. `client.query` below hands them over in this order.
    private enum Parameter: Int {
        case tenant = 1, limit
        case states, paymentStatuses, customer, currency, series, year, number
        case amountFrom, amountTo, createdFrom, createdTo, issuedFrom, issuedTo, dueFrom, dueTo, overdueDay, pattern
        case placeID, placeTime, placeDate, placeAmount, placeSeries, placeYear, placeNumber
        case form

        var text: String { "$\(rawValue)" }
    }

    /// As many rows as the largest usual page has, and one more. It stands in the statements, or PostgreSQL would plan each
    /// of them for a tenth of all invoices, and, since that is so much, anew whenever it is run.
    private static let usualLimit = 201

    /// Rows that are in an order one after another: those with a value, or those without.
    enum Segment: Hashable {
        case valued
        case valueless
    }

    var count: PostgresStatement { PostgresStatement("select count(*) from invoices where \(conditions)") }

    /// Documents of one segment, each with the value that it has in the order.
    ///
    /// - Parameters:
    ///   - isReversed: whether to read from the end of the list to its beginning.
    ///   - place: what the first invoice follows in the direction of reading; nil for the first of the segment.
    ///   - limit: the most that are wanted; as many as are read is said when it is run.
    func page(
        of segment: Segment, in order: InvoiceOrder, isReversed: Bool, after place: InvoicePlace?, limit: Int
    ) -> PostgresStatement {
        let columns = Self.columns(of: order.key)
        // Backwards through the list is up in a descending order, and down in an ascending one.
        let isDescending = order.isDescending != isReversed
        let (comparison, suffix) = isDescending ? ("<", " desc") : (">", "")
        var conditions = conditions
        if order.key.isOptional {
            for column in columns { conditions += " and \(column) is \(segment == .valued ? "not null" : "null")" }
        }
        if place != nil {
            let key = segment == .valued ? columns : []
            let parameters = (segment == .valued ? Self.placeParameters(of: order.key) : []) + [.placeID]
            conditions +=
                " and (\((key + ["id"]).joined(separator: ", "))) \(comparison) "
                + "(\(parameters.map(\.text).joined(separator: ", ")))"
        }
        return PostgresStatement(
            """
            select * from (
                select \(InvoiceDocumentRow.columns(form: Parameter.form.text)), \(columns.joined(separator: ", "))
                from invoices where \(conditions)
                order by \((columns + ["id"]).map { $0 + suffix }.joined(separator: ", ")) limit \(max(limit, Self.usualLimit))) page
            limit \(Parameter.limit.text)
            """)
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

    /// Takes in rows of ``page(of:in:isReversed:after:limit:)``.
    ///
    /// - Returns: those of which no document can be used that is kept, and before which of the found ones they belong.
    static func add(
        _ rows: PostgresRows, in order: InvoiceOrder, to found: inout [ListedInvoice]
    ) throws -> [(place: InvoicePlace, index: Int)] {
        var missing: [(place: InvoicePlace, index: Int)] = []
        found.reserveCapacity(found.count + rows.count)
        for row in rows {
            var columns = row.columns
            switch try InvoiceDocumentRow.read(&columns) {
            case .document(let document):
                found.append(ListedInvoice(document, at: try place(&columns, of: document.id, in: order)))
            case .missing(let id): missing.append((try place(&columns, of: id, in: order), found.count))
            }
        }
        return missing
    }

    /// The place that the next columns of a row say.
    private static func place(
        _ columns: inout PostgresRow.Columns, of id: InvoiceID, in order: InvoiceOrder
    ) throws -> InvoicePlace {
        let value: InvoicePlace.Value? =
            switch order.key {
            case .createdAt, .issuedAt: try columns.next(Date?.self).map { .time($0) }
            case .dueDate: try columns.next(PostgresDate?.self).flatMap(CalendarDate.init).map { .date($0) }
            case .amount: try columns.next(Int64?.self).map { .amount($0) }
            case .number:
                try InvoiceRow.number(columns.next(), columns.next(), columns.next(), of: id).map { .number($0) }
            }
        return InvoicePlace(value, id: id)
    }

    private static func placeParameters(of key: InvoiceOrder.Key) -> [Parameter] {
        switch key {
        case .createdAt, .issuedAt: [.placeTime]
        case .dueDate: [.placeDate]
        case .amount: [.placeAmount]
        case .number: [.placeSeries, .placeYear, .placeNumber]
        }
    }
}

// MARK: - Conditions

extension InvoiceSelection {
    private var conditions: String {
        var all = ["tenant = \(Parameter.tenant.text)"]
        func add(_ isWanted: Bool, _ column: String, _ comparison: String, _ parameter: Parameter) {
            if isWanted { all.append("\(column) \(comparison) \(parameter.text)") }
        }
        // A single one by equality, for an index in which the list's order follows.
        switch filter.states.count {
        case 0: break
        case 1: all.append("state = (\(Parameter.states.text))[1]")
        default: all.append("state = any (\(Parameter.states.text))")
        }
        if !filter.paymentStatuses.isEmpty {
            all.append("payment_status = any (\(Parameter.paymentStatuses.text))")
        }
        add(filter.customer != nil, "customer_id", "=", .customer)
        add(filter.currency != nil, "currency", "=", .currency)
        add(filter.number != nil, "series", "=", .series)
        add(filter.number != nil, "number_year", "=", .year)
        add(filter.number != nil, "number_in_year", "=", .number)
        add(filter.amount.lower != nil, "amount", ">=", .amountFrom)
        add(filter.amount.upper != nil, "amount", "<=", .amountTo)
        add(filter.created.lower != nil, "created_at", ">=", .createdFrom)
        add(filter.created.upper != nil, "created_at", "<", .createdTo)
        add(filter.issued.lower != nil, "issued_at", ">=", .issuedFrom)
        add(filter.issued.upper != nil, "issued_at", "<", .issuedTo)
        add(filter.due.lower != nil, "due_date", ">=", .dueFrom)
        add(filter.due.upper != nil, "due_date", "<=", .dueTo)
        if let overdue = filter.overdue {
            let condition = "\(InvoiceDocumentRow.isDue) and due_date < \(Parameter.overdueDay.text)"
            // Without a due date the condition is unknown, and the invoice is not overdue.
            all.append(overdue.isOverdue ? condition : "(\(condition)) is not true")
        }
        if filter.text != nil {
            let pattern = Parameter.pattern.text
            all.append("(reference ilike \(pattern) or number ilike \(pattern))")
        }
        return all.joined(separator: " and ")
    }

    /// The text between anything, with what has a meaning in a pattern taken literally.
    private var pattern: String? {
        filter.text.map { text in
            "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        }
    }

    func run(
        _ statement: PostgresStatement, on client: PostgresClient, after place: InvoicePlace? = nil, limit: Int = 0
    ) async throws -> PostgresRows {
        let place = Place(place)
        return try await client.query(
            statement, tenant.rawValue, Int64(limit), filter.states.map(\.rawValue),
            filter.paymentStatuses.map(\.rawValue), filter.customer?.rawValue, filter.currency?.code,
            filter.number?.series.rawValue, filter.number.map { Int32($0.year) }, filter.number?.number,
            filter.amount.lower, filter.amount.upper, filter.created.lower, filter.created.upper, filter.issued.lower,
            filter.issued.upper, filter.due.lower.flatMap(PostgresDate.init),
            filter.due.upper.flatMap(PostgresDate.init), filter.overdue.flatMap { PostgresDate($0.day) }, pattern,
            place.id, place.time, place.date, place.amount, place.number?.series.rawValue,
            place.number.map { Int32($0.year) }, place.number?.number, Int32(form))
    }

    /// A place, taken apart into parameters.
    private struct Place {
        var id: UUID?
        var time: Date?
        var date: PostgresDate?
        var amount: Int64?
        var number: InvoiceNumber?

        init(_ place: InvoicePlace?) {
            id = place?.id.rawValue
            switch place?.value {
            case .time(let time): self.time = time
            case .date(let date): self.date = PostgresDate(date)
            case .amount(let amount): self.amount = amount
            case .number(let number): self.number = number
            case nil: break
            }
        }
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
