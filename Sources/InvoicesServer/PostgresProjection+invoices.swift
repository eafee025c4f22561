import EventSourcingPostgres
import InvoicesInfrastructure
import LibPQ

extension PostgresProjection {
    /// What invoices, lists and statements are read from.
    static func invoices(in client: PostgresClient) -> PostgresProjection {
        PostgresProjection(
            InvoiceProjection.name, [PostgresRowReadModel(InvoiceProjection(), table: InvoiceTable.rows)], in: client)
    }

    /// All projections of the service.
    static func all(in client: PostgresClient) -> [PostgresProjection] { [invoices(in: client)] }
}
