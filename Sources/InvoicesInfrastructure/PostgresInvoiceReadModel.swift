package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain
package import LibPQ

/// Reads invoices from the read database.
package struct PostgresInvoiceReadModel: InvoiceReadModel {
    let client: PostgresClient
    let events: any EventReader

    /// - Parameter events: read for the payments of invoices whose rows were written before documents listed payments.
    package init(_ client: PostgresClient, events: any EventReader) {
        self.client = client
        self.events = events
    }

    /// $1 tenant, $2 id
    private static let find = PostgresStatement(
        "select \(InvoiceTable.storedInvoice.joined(separator: ", ")) from invoices where tenant = $1 and id = $2")

    package func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice? {
        guard let row = try await client.query(Self.find, tenant.rawValue, id.rawValue).first else { return nil }
        var columns = row.columns
        return try await listingPayments(try InvoiceTable.stored(&columns), of: tenant)
    }

    /// Those with a value in the order come first, then those without: two statements at most, each of which reads an
    /// index from where the page begins.
    package func invoices(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> [ListedInvoice] {
        var (place, isReversed): (InvoicePlace?, Bool) =
            switch edge {
            case .after(let place): (place, false)
            case .before(let place): (place, true)
            case nil: (nil, false)
            }
        var segments: [InvoiceSelection.Segment] = order.key.isOptional ? [.valued, .valueless] : [.valued]
        if isReversed { segments.reverse() }
        if let place { segments = Array(segments.drop { $0 != (place.value == nil ? .valueless : .valued) }) }
        var found: [ListedInvoice] = []
        for segment in segments where found.count < limit {
            let page = try InvoiceSelection(filter, of: tenant).page(
                of: segment, in: order, isReversed: isReversed, after: place, limit: limit - found.count)
            for row in try await client.query(page) { found.append(try InvoiceSelection.listed(row, in: order)) }
            place = nil
        }
        return try await listingPayments(found, of: tenant)
    }

    package func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64 {
        try await client.query(try InvoiceSelection(filter, of: tenant).count).first?.decode(Int64.self) ?? 0
    }
}
