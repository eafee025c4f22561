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
        "select \(InvoiceRow.columns) from invoices where tenant = $1 and id = $2")

    package func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView? {
        let rows = try await client.query(Self.find, tenant.rawValue, id.rawValue)
        return try rows.first.map { try InvoiceRow.view($0) }
    }
}

// MARK: - Lists

extension PostgresInvoiceReadModel {
    /// Those with a value in the order come first, then those without: two statements at most, each of which reads an
    /// index from where the page begins.
    package func invoices(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> [InvoiceView] {
        let selection = InvoiceSelection(tenant: tenant, filter: filter)
        var (place, isReversed): (InvoicePlace?, Bool) =
            switch edge {
            case .after(let place): (place, false)
            case .before(let place): (place, true)
            case nil: (nil, false)
            }
        var segments: [InvoiceSelection.Segment] = order.key.isOptional ? [.valued, .valueless] : [.valued]
        if isReversed { segments.reverse() }
        if let place { segments = Array(segments.drop { $0 != (place.value == nil ? .valueless : .valued) }) }
        var found: [InvoiceView] = []
        for segment in segments where found.count < limit {
            let statement = selection.page(of: segment, in: order, isReversed: isReversed, after: place)
            let rows = try await selection.run(statement, on: client, after: place, limit: limit - found.count)
            found += try rows.map { try InvoiceRow.view($0) }
            place = nil
        }
        return found
    }

    package func count(_ filter: InvoiceFilter, of tenant: TenantID) async throws -> Int64 {
        let selection = InvoiceSelection(tenant: tenant, filter: filter)
        return try await selection.run(selection.count, on: client).first?.decode(Int64.self) ?? 0
    }
}
