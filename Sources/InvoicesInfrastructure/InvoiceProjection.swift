package import EventSourcing
package import InvoicesApplication
package import InvoicesDomain

/// Turns the events of an invoice into its row in the read model.
package struct InvoiceProjection: StreamRowProjection {
    package init() {}

    package func key(for recorded: Recorded<InvoiceEvent>) -> InvoiceKey? { InvoiceKey(of: recorded) }

    package func stream(of key: InvoiceKey) throws -> StreamName { try key.stream }

    package func evolve(_ row: inout InvoiceView?, with recorded: Recorded<InvoiceEvent>) throws {
        try InvoiceView.evolve(&row, with: recorded)
    }
}
