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
        try views.withLock { try InvoiceView.evolve(&$0[key], with: recorded) }
    }

    func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView? {
        try failure.withLock { if let error = $0 { throw error } }
        return views.withLock { $0[Key(tenant: tenant, id: id)] }
    }

    func invoices(_ ids: [InvoiceID], of tenant: TenantID) async throws -> [InvoiceView] {
        try failure.withLock { if let error = $0 { throw error } }
        return views.withLock { views in ids.compactMap { views[Key(tenant: tenant, id: $0)] } }
    }

    func document(
        of id: InvoiceID, of tenant: TenantID, atLeast revision: Revision?
    ) async throws -> InvoiceDocument? {
        try await invoice(id, of: tenant).map { InvoiceDocument($0, in: .json) }
    }

    func documents(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> [ListedInvoice] {
        try invoices(filter, of: tenant, in: order, from: edge, limit: limit).map {
            ListedInvoice(InvoiceDocument($0, in: .json), at: InvoicePlace(of: $0, in: order))
        }
    }

    private func invoices(
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
                [terms.reference, invoice.number?.description].contains {
                    $0?.lowercased().contains(text.lowercased()) == true
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
