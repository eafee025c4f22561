import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesDomain
import InvoicesInfrastructure
import LibPQ
import Logging

/// A log of invoices, each created and then paid, and the projection of the service that makes rows of it.
enum InvoiceLog {
    static let tenant = "benchmark"

    /// Fills an event store as its owner: each invoice is issued by one event and, if it has a second one, paid by it.
    static func fill(_ database: Database, events: Int, perInvoice: Int = 2, on bench: Bench) async throws {
        let placeholder = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))
        let (invoice, now) = (InvoiceID(placeholder), Date(timeIntervalSince1970: 1_790_000_000))
        let created = InvoiceEvent.created(
            InvoiceCreated(
                invoiceId: invoice,
                terms: InvoiceTerms(
                    customerId: CustomerID(placeholder), currency: "EUR", amount: 12_500, reference: "a reference"),
                createdAt: now, issuedIn: .standard))
        let paid = InvoiceEvent.paymentReceived(
            InvoicePaymentReceived(invoiceId: invoice, paymentId: PaymentID(placeholder), amount: 12_500, paidAt: now))
        func data(_ event: InvoiceEvent) throws -> String {
            let text = String(decoding: try event.encode().bytes, as: UTF8.self)
            return "replace('\(text)', '\(placeholder.text)', id::text)::bytea"
        }
        let statements = [
            """
            insert into event_store.events (
                position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata, number)
            select n, (n - 1) % \(perInvoice), clock_timestamp(), gen_random_uuid(), 1, '\(tenant)',
                   'invoices.invoice.v1-\(tenant)-' || id,
                   case (n - 1) % \(perInvoice) when 0 then '\(created.name.rawValue)' else '\(paid.name.rawValue)' end,
                   case (n - 1) % \(perInvoice) when 0 then \(try data(created)) else \(try data(paid)) end, '\(SampleEvent.metadata)',
                   case (n - 1) % \(perInvoice) when 0 then (n - 1) / \(perInvoice) + 1 end
            from generate_series(1, \(events)) n, lateral (select md5(((n - 1) / \(perInvoice))::text)::uuid as id) i
            """, "vacuum (analyze) event_store.events", "checkpoint",
        ]
        for statement in statements { try await bench.run(statement, in: database) }
    }

    /// Runs `body` while the projection follows the log of the store.
    ///
    /// - Parameter body: is given the signal of what was applied.
    static func withProjection<Answer: Sendable>(
        of store: PostgresEventStore, into client: PostgresClient,
        _ body: @escaping @Sendable (PositionSignal) async throws -> Answer
    ) async throws -> Answer {
        let applied = PositionSignal()
        let projection = PostgresProjection(
            "invoices", [PostgresRowReadModel(InvoiceProjection(), table: InvoiceTable.rows)],
            in: client)
        let runner = ProjectionRunner(
            reading: store, into: projection, appended: store.appended, applied: applied,
            logger: Logger(label: "benchmark"))
        return try await withThrowingTaskGroup { group in
            group.addTask { () -> Answer? in
                try await runner.run()
                return nil
            }
            group.addTask { try await body(applied) }
            defer { group.cancelAll() }
            while let answer = try await group.next() { if let answer { return answer } }
            throw WrongAnswer()
        }
    }
}
