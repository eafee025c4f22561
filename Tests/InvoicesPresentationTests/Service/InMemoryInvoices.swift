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

    private let views = Mutex<[Key: InvoiceView]>([:])
    /// When set, what every read throws.
    private let failure = Mutex<(any Error)?>(nil)

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    func apply(_ record: RecordedEvent) throws {
        guard let recorded = try Recorded<InvoiceEvent>(decoding: record) else { return }
        let key = Key(tenant: record.stream.tenant, id: recorded.event.invoiceId)
        views.withLock { views in
            var invoice = Invoice(views[key]?.details)
            invoice.evolve(recorded.event)
            views[key] = invoice.details.map { InvoiceView($0, revision: record.revision) }
        }
    }

    func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice? {
        try failure.withLock { if let error = $0 { throw error } }
        return try views.withLock { $0[Key(tenant: tenant, id: id)] }.map { try StoredInvoice($0) }
    }

    func invoices(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> [ListedInvoice] {
        try found(filter, of: tenant, in: order, from: edge, limit: limit).map {
            ListedInvoice(try StoredInvoice($0), at: InvoicePlace(of: $0, in: order))
        }
    }

    private func found(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) throws -> [InvoiceView] {
        let all = try found(filter, of: tenant).sorted {
            InvoicePlace(of: $0, in: order).precedes(InvoicePlace(of: $1, in: order), in: order)
        }
        let (places, found) = (all.map { InvoicePlace(of: $0, in: order) }, zip(all.indices, all))
        switch edge {
        case .after(let place):
            return Array(found.filter { place.precedes(places[$0.0], in: order) }.map(\.1).prefix(limit))
        case .before(let place):
            return Array(found.filter { places[$0.0].precedes(place, in: order) }.map(\.1).reversed().prefix(limit))
        case nil: return Array(all.prefix(limit))
        }
    }

    func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64 {
        Int64(try found(filter, of: tenant).count)
    }

    private func found(_ filter: InvoiceFilter, of tenant: TenantID) throws -> [InvoiceView] {
        try failure.withLock { if let error = $0 { throw error } }
        let all = views.withLock { views in views.filter { $0.key.tenant == tenant }.map(\.value) }
        return all.filter(filter.matches)
    }

    func statement(
        of customer: CustomerID, of tenant: TenantID, on day: CalendarDate
    ) async throws -> CustomerStatement {
        var filter = InvoiceFilter()
        filter.customer = customer
        filter.states = [.open, .closed]
        let found = try found(filter, of: tenant)
        let balances = Dictionary(grouping: found) { $0.terms.currency }.sorted { $0.key < $1.key }
            .map { code, invoices in
                let open = invoices.filter { $0.standing.state == .open }
                return CustomerStatement.Balance(
                    currency: Currency(code: code)!, open: Self.total(open, \.due),
                    overdue: Self.total(open.filter { $0.isOverdue(on: day) }, \.due),
                    paid: Self.total(invoices.filter { $0.standing.kept > 0 }, \.kept))
            }
        return CustomerStatement(customer: customer, day: day, balances: balances)
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
        if first.rank == second.rank { return first.id.description < second.id.description }
        return (first.rank ?? []).lexicographicallyPrecedes(second.rank ?? [])
    }
}
