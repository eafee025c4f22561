import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import LibPQ
import Logging
import PostgresTesting
import Testing

/// How often a request goes to the databases. These figures do not depend on the machine.
@Suite(.database, .timeLimit(.minutes(5))) struct TripTests {
    /// The parts of the service that a request passes, on two databases.
    private struct Service {
        let log: PostgresClient
        let rows: PostgresClient
        let commands: CommandBus<Invoicing>
        let queries: QueryBus<InvoiceReading>
        let context: MessageContext

        /// What both databases were asked for while `body` ran.
        func counting(
            _ body: () async throws -> Void
        ) async throws -> (log: PostgresStatistics, rows: PostgresStatistics) {
            let before = (log.statistics, rows.statistics)
            try await body()
            return (log.statistics - before.0, rows.statistics - before.1)
        }

        /// Sends a command, and waits until reads show what it came to.
        func send<C: Command<Invoicing>>(
            _ command: C, by key: CommandKey? = nil
        ) async throws -> InvoiceCommit where C.Response == InvoiceCommit {
            let context = MessageContext(
                tenant: context.tenant, correlationID: "c", command: key, source: "tests", now: context.now)
            let commit = try await commands.send(command, in: context)
            #expect(await queries.wait(until: commit.position))
            return commit
        }
    }

    /// - Parameter earlier: runs in a service that ends before that of `body` begins.
    private func withService(
        after earlier: (@Sendable (Service) async throws -> Void)? = nil,
        _ body: @escaping @Sendable (Service) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { rows in
            let database = try await TestDatabase.make()
            try await database.withClient { log in
                try await log.migrate("event_store")
                if let earlier { try await run(log, rows, earlier) }
                try await run(log, rows, body)
            }
            try await database.drop()
        }
    }

    private func run(
        _ log: PostgresClient, _ rows: PostgresClient, _ body: @escaping @Sendable (Service) async throws -> Void
    ) async throws {
        let (appended, tail, applied) = (PositionSignal(), LogTail(), PositionSignal())
        let store = PostgresEventStore(log, appended: appended, tail: tail)
        let states = AggregateCache<Invoice>()
        let aggregates = AggregateStore(store, cache: states)
        var configuration = ProjectionRunner.Configuration()
        configuration.pollInterval = .seconds(3_600)
        let projection = PostgresProjection(
            "invoices",
            [
                PostgresRowReadModel(
                    InvoiceProjection(), table: InvoiceTable.rows,
                    recalling: RecalledRows(of: states) { InvoiceRow($0) })
            ], in: rows)
        let runner = ProjectionRunner(
            reading: store, into: projection, appended: appended, tail: tail, applied: applied,
            configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let readModel = PostgresInvoiceReadModel(rows, events: store)
        let service = Service(
            log: log, rows: rows, commands: CommandBus { Invoicing(invoices: aggregates, context: $0) },
            queries: QueryBus(progress: applied) {
                InvoiceReading(readModel: readModel, tenant: $0.tenant)
            },
            context: MessageContext(
                tenant: try TenantID("acme"), correlationID: "c", source: "tests",
                now: Date(timeIntervalSince1970: 1_795_000_000)))
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            // The first write shows that the projection runs, and joins its checkpoint to the tail.
            for _ in 1...2 { _ = try await service.send(CreateInvoice(invoice())) }
            try await body(service)
            group.cancelAll()
        }
    }

    private func invoice() -> NewInvoice {
        NewInvoice(id: InvoiceID(UUID()), customer: CustomerID(UUID()), contents: .amount(1250), currency: .euro)
    }

    @Test func `a write is two trips, one to each database, whether it has a key or not`() async throws {
        try await withService { service in
            for key in [nil, try CommandKey(id: "k", requestHash: [1])] {
                let spent = try await service.counting {
                    _ = try await service.send(CreateInvoice(invoice()), by: key)
                }
                #expect([spent.log.trips, spent.rows.trips] == [1, 1])
                #expect([spent.log.transactions, spent.rows.transactions] == [1, 1])
                #expect(spent.log.statements == 1)
            }
        }
    }

    @Test func `to pay an invoice that was just made out is two trips, and so is each payment after that`() async throws
    {
        try await withService { service in
            let id = try await service.send(CreateInvoice(invoice())).invoice.id
            for amount in [100, 200, nil] as [Int64?] {
                let spent = try await service.counting {
                    _ = try await service.send(PayInvoice(id, Payment(id: PaymentID(UUID()), amount: amount)))
                }
                #expect([spent.log.trips, spent.rows.trips] == [1, 1])
            }
        }
    }

    @Test func `to pay an invoice that was made out long ago is three trips: its events are read, its row is not`()
        async throws
    {
        let id = InvoiceID(UUID())
        let invoice = NewInvoice(
            id: id, customer: CustomerID(UUID()), contents: .amount(1250), currency: .euro)
        try await withService(after: { _ = try await $0.send(CreateInvoice(invoice)) }) { service in
            let spent = try await service.counting {
                let paid = try await service.send(PayInvoice(id, Payment(id: PaymentID(UUID()))))
                let found = try await service.queries.ask(FindInvoice(id), in: service.context)
                #expect(try found?.view() == paid.invoice)
            }
            #expect([spent.log.trips, spent.rows.trips] == [2, 2], "one of them is that of the query")
        }
    }

    @Test func `a read is one trip`() async throws {
        try await withService { service in
            let commit = try await service.send(CreateInvoice(invoice()))
            let spent = try await service.counting {
                let found = try await service.queries.ask(
                    FindInvoice(commit.invoice.id), in: service.context, atLeast: commit.position)
                #expect(try found?.view() == commit.invoice)
                for limit in [10, 1] {
                    _ = try await service.queries.ask(FindInvoices(limit: limit), in: service.context)
                }
                _ = try await service.queries.ask(
                    FindCustomerStatement(
                        of: commit.invoice.details.terms.customerId, on: CalendarDate("2026-12-31")!),
                    in: service.context)
            }
            #expect([spent.log.trips, spent.rows.trips] == [0, 4])
            #expect([spent.log.statements, spent.rows.statements] == [0, 4])
        }
    }

    @Test func `many writes at once share their trips`() async throws {
        try await withService { service in
            let spent = try await service.counting {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<200 { group.addTask { _ = try await service.send(CreateInvoice(invoice())) } }
                    try await group.waitForAll()
                }
            }
            #expect(spent.log.trips < 100, "\(spent.log)")
            #expect(spent.rows.trips < 100, "\(spent.rows)")
        }
    }
}
