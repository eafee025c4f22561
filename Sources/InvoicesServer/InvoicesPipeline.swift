import EventSourcing
import EventSourcingPostgres
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import InvoicesPresentation
import LibPQ
import Pipelines

/// The bounded context of invoices as one value. What the program serves, projects, brings out and administers is what stands
/// here.
typealias InvoicesPipeline = Pipeline<Invoice, Invoicing>

extension InvoicesPipeline {
    /// The commands on invoices, the projection that they are read from, and the process that makes them overdue.
    static func invoices(_ configuration: ServerConfiguration) -> Self {
        let calendar = configuration.calendar
        return Pipeline("invoices", of: Invoice.self, category: .invoices) {
            Invoicing(invoices: $0, context: $1, calendar: calendar, writingRefusals: InvoicesAPI.written)
        }
        .command(CreateInvoice.self).command(CreateInvoices.self).command(ReviseInvoice.self).command(IssueInvoice.self)
        .command(VoidInvoice.self).command(PayInvoice.self).command(RefundInvoice.self).command(ReversePayment.self)
        .command(FollowUpInvoice.self)
        .projection(InvoiceProjection.name, InvoiceProjection(), table: InvoiceTable.rows) { InvoiceRow($0) }
        .processManager(
            OverdueProcess(of: configuration.tenant, in: calendar, reminders: configuration.reminders))
    }

    /// The same with the sinks and handlers that bring events out of the service, in this process or in another one.
    ///
    /// - Parameters:
    ///   - queues: nil where no queue can be reached.
    ///   - client: of the event store, for the notifications that this process sends.
    func bringingOut(
        _ configuration: ServerConfiguration, to queues: Queues?, in client: PostgresClient
    ) throws -> Self {
        let tenant = configuration.tenant
        var pipeline = self
        if let queues {
            for route in configuration.queues.routes {
                pipeline = pipeline.publisher(
                    route.sink, of: LogFilter(tenant: tenant), selecting: [try route.filter(of: tenant)]
                ) { try route.makeSink(of: tenant, into: queues.queue(named: route.queue)) }
            }
        }
        let handlers = NotificationHandlers(configuration: configuration, client: client)
        return try configuration.runsHandlers(queues) ? pipeline.adding(handlers) : pipeline
    }
}

extension OutboxRoute {
    /// The jobs of the queue of notifications are those that its worker wants; other queues get a job for each event.
    func makeSink(of tenant: TenantID, into queue: any JobQueue) throws -> QueueSink {
        let told = self.queue == InvoiceNotifications.queueName ? InvoiceNotifications.route(of: tenant) : nil
        let jobs = JobRoute(self.queue, for: try filter(of: tenant)) { event in
            if let told, told.filter.matches(event) { return try told.jobs(event) }
            return [Job(for: event)]
        }
        return try QueueSink(sink, into: queue, routes: [jobs], of: LogFilter(tenant: tenant))
    }
}
