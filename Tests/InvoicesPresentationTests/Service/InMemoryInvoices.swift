import EventSourcing
import Foundation
import InvoicesApplication
import InvoicesDomain
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

    func invoices(of tenant: TenantID, after place: InvoicePlace?, limit: Int) async throws -> [InvoiceView] {
        try failure.withLock { if let error = $0 { throw error } }
        let all = views.withLock { views in views.filter { $0.key.tenant == tenant }.map(\.value) }
        return Array(
            all.sorted { $0.rank > $1.rank }.drop { place != nil && $0.rank >= place!.rank }.prefix(limit))
    }
}

extension InvoiceView {
    fileprivate var rank: Rank { InvoicePlace(createdAt: createdAt, id: id).rank }
}

extension InvoicePlace {
    /// By time to the microsecond, as a database would compare it, then by id.
    fileprivate var rank: Rank { Rank(time: (createdAt.timeIntervalSince1970 * 1e6).rounded(), id: id.description) }
}

private struct Rank: Comparable {
    let time: Double
    let id: String

    static func < (left: Rank, right: Rank) -> Bool { (left.time, left.id) < (right.time, right.id) }
}
