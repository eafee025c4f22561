import EventSourcingPostgres
import InvoicesInfrastructure
import InvoicesPresentation
import LibPQ

extension PostgresProjection {
    /// What lists and single invoices are read from.
    static func invoices(in client: PostgresClient) -> PostgresProjection {
        let table = InvoiceTable.rows(documents: .json)
        return PostgresProjection("invoices", [PostgresRowReadModel(InvoiceProjection(), table: table)], in: client)
    }

    /// What the statements of customers are added up from.
    static func customerStatements(in client: PostgresClient) -> PostgresProjection {
        PostgresProjection(
            "customer-statements",
            [PostgresRowReadModel(CustomerStatementProjection(), table: CustomerStatementTable.rows)], in: client)
    }

    /// All projections of the service.
    static func all(in client: PostgresClient) -> [PostgresProjection] {
        [invoices(in: client), customerStatements(in: client)]
    }
}
