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

    /// Whether the stream $3 has events that are parked.
    private static let isParked = """
        exists (
            select from parked_events
            where projection = '\(InvoiceProjection.name)' and stream = $3 and skipped_at is null)
        """
    private static let columns = InvoiceTable.storedInvoice.map { "i.\($0)" }.joined(separator: ", ")

    /// $1 tenant, $2 id, $3 stream. Whether events of the invoice are parked, and the row; nothing without a row.
    private static let find = PostgresStatement(
        "select \(isParked), \(columns) from invoices i where i.tenant = $1 and i.id = $2")

    /// $1 tenant, $2 id, $3 stream. The same, and a row of nulls without a row: then an event that the operator has skipped
    /// counts as parked, too. It takes PostgreSQL twice as long, and only an invoice that ``find`` does not find needs it.
    private static let findOrExplain = PostgresStatement(
        """
        select \(isParked) or i.id is null and exists (
                select from parked_events where projection = '\(InvoiceProjection.name)' and stream = $3),
            \(columns)
        from (select) one left join invoices i on i.tenant = $1 and i.id = $2
        """)

    package func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> StoredInvoice? {
        let stream = try StreamName(of: id, tenant: tenant)
        var rows = try await client.query(Self.find, tenant.rawValue, id.rawValue, stream.rawValue)
        if rows.isEmpty {
            rows = try await client.query(Self.findOrExplain, tenant.rawValue, id.rawValue, stream.rawValue)
        }
        var columns = rows[0].columns
        if try columns.next(Bool.self) { throw InvoiceSetAside(id) }
        guard !rows[0][1].isNull else { return nil }
        return try await listingPayments(try InvoiceTable.stored(&columns), of: tenant)
    }

    /// The number of the tenant's invoices that are set aside, as a part of the statements of lists.
    ///
    /// - Parameter tenant: the statement's placeholder.
    static func setAside(of tenant: String) -> String {
        """
        (select count(distinct stream) as set_aside from parked_events
         where projection = '\(InvoiceProjection.name)' and tenant = \(tenant) and skipped_at is null)
        """
    }

    /// $1 tenant
    private static let setAside = PostgresStatement(setAside(of: "$1"))

    /// Those with a value in the order come first, then those without: two statements at most, each of which reads an
    /// index from where the page begins, and one before them that looks text up.
    package func invoices(
        _ filter: InvoiceFilter, of tenant: TenantID, in order: InvoiceOrder, from edge: InvoiceEdge?, limit: Int
    ) async throws -> ListedInvoices {
        var (place, isReversed): (InvoicePlace?, Bool) =
            switch edge {
            case .after(let place): (place, false)
            case .before(let place): (place, true)
            case nil: (nil, false)
            }
        var segments: [InvoiceSelection.Segment] = order.key.isOptional ? [.valued, .valueless] : [.valued]
        if isReversed { segments.reverse() }
        if let place { segments = Array(segments.drop { $0 != (place.value == nil ? .valueless : .valued) }) }
        var (found, setAside): ([ListedInvoice], Int64?) = ([], nil)
        let selection = try await selection(filter, of: tenant)
        for segment in segments where found.count < limit {
            let page = try selection.page(
                of: segment, in: order, isReversed: isReversed, after: place, limit: limit - found.count)
            let rows = try await client.query(page)
            setAside = try InvoiceSelection.setAside(in: rows) ?? setAside
            for row in rows { found.append(try InvoiceSelection.listed(row, in: order)) }
            place = nil
        }
        // A list that finds nothing has no row to say it.
        if setAside == nil { setAside = try await client.query(Self.setAside, tenant.rawValue)[0].decode(Int64.self) }
        return ListedInvoices(try await listingPayments(found, of: tenant), setAside: setAside ?? 0)
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
