import EventSourcing
import EventSourcingPostgres
import InvoicesDomain
import InvoicesInfrastructure
import LibPQ

extension PostgresProjection {
    /// What invoices, lists and statements are read from.
    ///
    /// - Parameter states: those that commands are decided on; their rows need not be read.
    static func invoices(
        in client: PostgresClient, recalling states: AggregateCache<Invoice>? = nil
    ) -> PostgresProjection {
        let recalled = states.map { RecalledRows(of: $0) { InvoiceRow($0) } }
        return PostgresProjection(
            InvoiceProjection.name,
            [PostgresRowReadModel(InvoiceProjection(), table: InvoiceTable.rows, recalling: recalled)], in: client)
    }

    /// All projections of the service.
    static func all(in client: PostgresClient) -> [PostgresProjection] { [invoices(in: client)] }
}
