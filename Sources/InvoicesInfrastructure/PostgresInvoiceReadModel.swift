package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain
package import LibPQ

/// Reads invoices from the read database.
package struct PostgresInvoiceReadModel: InvoiceReadModel {
    let client: PostgresClient

    package init(_ client: PostgresClient) { self.client = client }

    /// $1 tenant, $2 id, $3 stream. Whether events of the invoice are parked, whether there is a row, and the row. A row
    /// that lacks no more than events that the operator has skipped is the invoice; without a row it is set aside.
    private static let find = PostgresStatement(
        """
        select exists (
                select from parked_events e
                where e.projection = '\(InvoiceProjection.name)' and e.stream = $3 and e.skipped_at is null)
            or i.id is null and exists (
                select from parked_events e where e.projection = '\(InvoiceProjection.name)' and e.stream = $3),
            i.id is not null, \(InvoiceTable.storedInvoice.map { "i.\($0)" }.joined(separator: ", "))
        from (select) one left join invoices i on i.tenant = $1 and i.id = $2
        """)

    package func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice? {
        let stream = try StreamName(of: id, tenant: tenant)
        let row = try await client.query(Self.find, tenant.rawValue, id.rawValue, stream.rawValue)[0]
        var columns = row.columns
        if try columns.next(Bool.self) { throw InvoiceSetAside(id) }
        return try columns.next(Bool.self) ? InvoiceTable.stored(&columns) : nil
    }

    /// $1 tenant
    private static let setAside = PostgresStatement(
        """
        select count(distinct stream) from parked_events
        where projection = '\(InvoiceProjection.name)' and tenant = $1 and skipped_at is null
        """)

    package func setAside(of tenant: TenantID) async throws -> Int64 {
        try await client.query(Self.setAside, tenant.rawValue)[0].decode(Int64.self)
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
