import EventSourcing
import Foundation
import InvoicesApplication
import InvoicesDomain
import InvoicesPresentation
import Synchronization

/// A read model in memory, fed with events as they are appended.
final class InMemoryInvoices: InvoiceReadModel {
    private struct Key: Hashable {
        let tenant: TenantID
        let id: InvoiceID
    }

    /// An invoice, and the position of the event that made it.
    private struct Row {
        let invoice: InvoiceView
        let position: Position
    }

    private let rows = Mutex<[Key: Row]>([:])
    /// The streams of events that cannot be decoded.
    private let parked = Mutex<Set<StreamName>>([])
    /// When set, what every read throws.
    private let failure = Mutex<(any Error)?>(nil)

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    /// What cannot be read is parked with all that follows in its stream.
    func apply(_ record: RecordedEvent) throws {
        guard !parked.withLock({ $0.contains(record.stream) }) else { return }
        do {
            try applyIfReadable(record)
        } catch  where error is UndecodableEvent || error is UnreadableInvoice {
            parked.withLock { _ = $0.insert(record.stream) }
        }
    }

    private func applyIfReadable(_ record: RecordedEvent) throws {
        guard let recorded = try Recorded<InvoiceEvent>(decoding: record) else { return }
        let key = Key(tenant: record.stream.tenant, id: recorded.event.invoiceId)
        try rows.withLock { rows in
            var invoice = Invoice(rows[key]?.invoice.details)
            invoice.evolve(recorded.event)
            try invoice.details?.requireReadable()
            rows[key] = invoice.details.map { details in
                Row(
                    invoice: InvoiceView(details, revision: record.revision),
                    position: rows[key]?.position ?? record.position)
            }
        }
    }

    func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice? {
        try failure.withLock { if let error = $0 { throw error } }
        let stream = try StreamName(of: id, tenant: tenant)
        if parked.withLock({ $0.contains(stream) }) { throw InvoiceSetAside(id) }
        return try rows.withLock { $0[Key(tenant: tenant, id: id)] }.map { try StoredInvoice($0.invoice) }
    }

    func invoices(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> ListedInvoices {
        let all = try found(filter, of: tenant).map { row in
            ListedInvoice(
                try StoredInvoice(row.invoice),
                at: InvoicePlace(of: row.invoice, madeAt: row.position, in: order))
        }.sorted { $0.place.precedes($1.place, in: order) }
        let found: [ListedInvoice] =
            switch edge {
            case .after(let place): all.filter { place.precedes($0.place, in: order) }
            case .before(let place): all.filter { $0.place.precedes(place, in: order) }.reversed()
            case nil: all
            }
        return ListedInvoices(Array(found.prefix(limit)), setAside: setAside(of: tenant))
    }

    private func setAside(of tenant: TenantID) -> Int64 {
        parked.withLock { Int64($0.count { $0.tenant == tenant }) }
    }

    func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64 {
        Int64(try found(filter, of: tenant).count)
    }

    private func found(_ filter: InvoiceFilter, of tenant: TenantID) throws -> [Row] {
        try failure.withLock { if let error = $0 { throw error } }
        let all = rows.withLock { rows in rows.filter { $0.key.tenant == tenant }.map(\.value) }
        return all.filter { filter.matches($0.invoice) }
    }

    func statement(
        of customer: CustomerID, of tenant: TenantID, on day: CalendarDate
    ) async throws -> CustomerStatement {
        var filter = InvoiceFilter()
        filter.customer = customer
        filter.states = [.open, .closed]
        let found = try found(filter, of: tenant).map(\.invoice)
        let balances = Dictionary(grouping: found) { $0.terms.currency }.sorted { $0.key < $1.key }
            .map { code, invoices in
                let open = invoices.filter { $0.standing.state == .open }
                return CustomerStatement.Balance(
                    currency: Currency(code: code)!, open: Self.total(open, \.due),
                    overdue: Self.total(open.filter { $0.isOverdue(on: day) }, \.due),
                    paid: Self.total(invoices.filter { $0.standing.kept > 0 }, \.kept))
            }
        return CustomerStatement(
            customer: customer, day: day, balances: balances, setAside: setAside(of: tenant))
    }

    private static func total(
        _ invoices: [InvoiceView], _ amount: KeyPath<InvoiceStanding, Int64>
    ) -> CustomerStatement.Total {
        CustomerStatement.Total(
            invoices: Int64(invoices.count), amount: invoices.reduce(0) { $0 + $1.standing[keyPath: amount] })
    }
}

extension StoredInvoice {
    init(_ invoice: InvoiceView) throws {
        self.init(
            id: invoice.id, revision: invoice.revision, dueDay: invoice.dueDay,
            document: try InvoiceDocument(invoice.details))
    }
}

extension InvoiceFilter {
    fileprivate func matches(_ invoice: InvoiceView) -> Bool {
        let (terms, standing) = (invoice.terms, invoice.standing)
        return (states.isEmpty || states.contains(standing.state))
            && (paymentStatuses.isEmpty || paymentStatuses.contains(standing.paymentStatus))
            && (customer ?? terms.customerId) == terms.customerId
            && (currency?.code ?? terms.currency) == terms.currency
            && (number == nil || number == invoice.number)
            && amount.contain(terms.amount, isUpperIncluded: true)
            && created.contain(invoice.createdAt, isUpperIncluded: false)
            && issued.contain(invoice.issuedAt, isUpperIncluded: false)
            && due.contain(terms.dueDate, isUpperIncluded: true)
            && overdue.map { $0.isOverdue == invoice.isOverdue(on: $0.day) } ?? true
            && text.map { text in
                [terms.reference?.rawValue, invoice.number?.description].contains {
                    $0?.caseFolded.contains(text.caseFolded) == true
                }
            } ?? true
    }
}

extension InvoiceFilter.Bounds where Value: Comparable {
    fileprivate func contain(_ value: Value?, isUpperIncluded: Bool) -> Bool {
        if lower == nil, upper == nil { return true }
        guard let value else { return false }
        let isBelow = upper.map { value < $0 || isUpperIncluded && value == $0 } ?? true
        return isBelow && lower.map { $0 <= value } ?? true
    }
}

extension InvoicePlace {
    /// Times to the microsecond, as a database would compare them.
    private var rank: [Int64]? {
        switch value {
        case .time(let time): [Int64((time.timeIntervalSince1970 * 1e6).rounded())]
        case .date(let date): [Int64(date.year), Int64(date.month), Int64(date.day)]
        case .amount(let amount): [amount]
        // All of one series.
        case .number(let number): [Int64(number.year), number.number]
        case nil: nil
        }
    }

    fileprivate func precedes(_ other: InvoicePlace, in order: InvoiceOrder) -> Bool {
        if (rank == nil) != (other.rank == nil) { return other.rank == nil }
        let (first, second) = order.isDescending ? (other, self) : (self, other)
        if first.rank == second.rank { return first.position < second.position }
        return (first.rank ?? []).lexicographicallyPrecedes(second.rank ?? [])
    }
}
