package import EventSourcing
import FoundationEssentials
package import InvoicesApplication
package import InvoicesDomain
import LibPQ

extension PostgresInvoiceReadModel {
    /// $1 tenant, $2 ids
    private static let findSeveral = PostgresStatement(
        "select \(InvoiceRow.columns) from invoices where tenant = $1 and id = any($2)")

    package func invoices(_ ids: [InvoiceID], of tenant: TenantID) async throws -> [InvoiceView] {
        let rows = try await client.query(Self.findSeveral, tenant.rawValue, ids.map(\.rawValue))
        return try rows.map { try InvoiceRow.view($0) }
    }
}
