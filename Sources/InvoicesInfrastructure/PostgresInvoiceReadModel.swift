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

    /// $1 tenant, $2 limit
    private static let newest = PostgresStatement(
        "select \(InvoiceRow.columns) from invoices where tenant = $1 order by created_at desc, id desc limit $2")

    /// $1 tenant, $2 limit, $3 creation and $4 id where the page before ended
    private static let next = PostgresStatement(
        """
        select \(InvoiceRow.columns) from invoices where tenant = $1 and (created_at, id) < ($3, $4)
        order by created_at desc, id desc limit $2
        """)

    package func invoice(_ id: InvoiceID, of tenant: TenantID) async throws -> InvoiceView? {
        let rows = try await client.query(Self.find, tenant.rawValue, id.rawValue)
        return try rows.first.map { try InvoiceRow.view($0) }
    }

    package func invoices(
        of tenant: TenantID, after place: InvoicePlace?, limit: Int
    ) async throws -> [InvoiceView] {
        let rows =
            if let place {
                try await client.query(
                    Self.next, tenant.rawValue, Int64(limit), place.createdAt, place.id.rawValue)
            } else {
                try await client.query(Self.newest, tenant.rawValue, Int64(limit))
            }
        return try rows.map { try InvoiceRow.view($0) }
    }
}
