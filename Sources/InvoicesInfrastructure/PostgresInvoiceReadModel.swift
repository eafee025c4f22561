package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain
package import LibPQ

/// Reads invoices from the read database.
package struct PostgresInvoiceReadModel: InvoiceReadModel {
    let client: PostgresClient

    package init(_ client: PostgresClient) { self.client = client }

    /// $1 tenant, $2 id
    private static let find = PostgresStatement(
        "select \(InvoiceTable.storedInvoice.joined(separator: ", ")) from invoices where tenant = $1 and id = $2")

    package func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice? {
        guard let row = try await client.query(Self.find, tenant.rawValue, id.rawValue).first else { return nil }
        var columns = row.columns
        return try InvoiceTable.stored(&columns)
    }

    /// Those with a value in the order come first, then those without: two statements at most, each of which reads an
    /// index from where the page begins, and one before them that looks text up.
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
        let selection = try await selection(filter, of: tenant)
        for segment in segments where found.count < limit {
            let page = try selection.page(
                of: segment, in: order, isReversed: isReversed, after: place, limit: limit - found.count)
            for row in try await client.query(page) { found.append(try InvoiceSelection.listed(row, in: order)) }
            place = nil
        }
        return found
    }

    package func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64 {
        try await client.query(try await selection(filter, of: tenant).count).first?.decode(Int64.self) ?? 0
    }

    /// Text is looked up first: if few invoices have it, they alone are read; if many do, a page of the list is soon full.
    /// PostgreSQL cannot tell beforehand which it is, for it takes the parts of a text to be independent of one another.
    private func selection(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> InvoiceSelection {
        guard let text = filter.text, let lookUp = InvoiceSelection.lookUp(text, of: tenant) else {
            return InvoiceSelection(filter, of: tenant)
        }
        let found = try await client.query(lookUp).map { try $0.decode(UUID.self) }
        return InvoiceSelection(filter, of: tenant, found: found.count > InvoiceSelection.mostFound ? nil : found)
    }
}
