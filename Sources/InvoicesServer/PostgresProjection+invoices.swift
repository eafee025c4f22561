import EventSourcingPostgres
import InvoicesInfrastructure
import InvoicesPresentation
import LibPQ

extension PostgresProjection {
    /// What lists and single invoices are read from.
    ///
    /// - Parameter recent: is given what is written.
    static func invoices(in client: PostgresClient, recent: RecentDocuments? = nil) -> PostgresProjection {
        let table = InvoiceTable(documents: .json, recent: recent)
        return PostgresProjection("invoices", [PostgresRowReadModel(InvoiceProjection(), table: table)], in: client)
    }

    /// What the statements of customers are added up from.
    static func customerStatements(in client: PostgresClient) -> PostgresProjection {
        PostgresProjection(
            "customer-statements",
            [PostgresRowReadModel(CustomerStatementProjection(), table: CustomerStatementTable())], in: client)
    }

    /// All projections of the service.
    static func all(in client: PostgresClient) -> [PostgresProjection] {
        [invoices(in: client), customerStatements(in: client)]
    }
}
