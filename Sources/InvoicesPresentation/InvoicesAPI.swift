package import EventSourcing
package import FoundationEssentials
package import HTTPConventions
package import Hummingbird
package import HummingbirdCore
package import InvoicesApplication
package import InvoicesDomain

/// The invoices' REST API, as `openapi.yaml` describes it.
package struct InvoicesAPI: Sendable {
    /// What the events of a request say they come from.
    static let source = "invoices.http"

    private let invoices: InvoiceController
    private let lists: InvoiceListController
    private let stream: InvoiceStreamController
    private let statements: StatementController
    private let webhooks: WebhookController
    private let conventions: APIConventions

    /// - Parameters:
    ///   - queries: asks of invoices and statements; it follows the read model that shows what a command has written.
    ///   - histories: asks of what has happened to invoices, which the event store itself tells.
    ///   - feed: what happens to invoices.
    ///   - webhooks: what the webhooks are kept in and sent by.
    ///   - heartbeat: after how long a silence a stream of events gives a sign of life.
    ///   - tenant: whose invoices these are.
    ///   - defaultCurrency: the currency of an invoice that is made out without one.
    ///   - defaultRoundingRule: how the lines of an invoice are rounded that is made out without a rule.
    ///   - calendar: which day it is, for all that depends on the day.
    ///   - documents: what the API serves about itself.
    ///   - connections: how long clients may take.
    ///   - now: the time by which a request is decided; it is read once for each.
    ///   - makeID: makes the ids of invoices and requests.
    ///   - readiness: looks at everything that the service depends on.
    /// - Throws: when the template of printed invoices cannot be parsed.
    package init(
        commands: CommandBus<Invoicing>, queries: QueryBus<InvoiceReading>,
        histories: QueryBus<InvoiceHistoryReading>, feed: InvoiceFeed, webhooks: WebhookPorts,
        heartbeat: Duration = .seconds(15),
        tenant: TenantID, defaultCurrency: Currency, defaultRoundingRule: RoundingRule,
        calendar: BusinessCalendar = .utc, documents: APIDocuments, connections: ConnectionLimits = ConnectionLimits(),
        now: @escaping @Sendable () -> Date = { Date() },
        makeID: @escaping @Sendable () -> UUID = { UUID.v7() },
        readiness: @escaping @Sendable () async -> [HealthCheck]
    ) throws {
        let rendered = RenderedInvoices()
        invoices = InvoiceController(
            commands: commands, queries: queries, histories: histories, tenant: tenant,
            defaultCurrency: defaultCurrency, defaultRoundingRule: defaultRoundingRule, calendar: calendar,
            printed: try PrintedInvoice(calendar), rendered: rendered, makeID: makeID)
        lists = InvoiceListController(
            queries: queries, rendered: rendered, tenant: tenant, calendar: calendar)
        stream = InvoiceStreamController(feed: feed, heartbeat: heartbeat)
        statements = StatementController(queries: queries, tenant: tenant, calendar: calendar)
        self.webhooks = WebhookController(ports: webhooks, tenant: tenant, makeID: makeID)
        let idempotency = IdempotencyMiddleware(tenant: tenant) { error in
            (error as? RecordedRefusal).map { (StoredProblem(bytes: $0.refusal), $0.isRepetition) }
        }
        conventions = APIConventions(
            problems: .invoices, documents: documents, idempotency: idempotency,
            edge: MessageEdge(tenant: tenant, source: Self.source, now: now), readiness: readiness,
            connections: connections, makeID: makeID)
    }

    /// The router, to be handed to an `Application`.
    package func router() -> Router<InvoicesRequestContext> {
        conventions.router { plain, resources in
            invoices.addRoutes(to: resources)
            lists.addRoutes(to: resources)
            statements.addRoutes(to: resources)
            stream.addRoutes(to: plain)
            webhooks.addRoutes(writes: plain, reads: resources)
        }
    }

    /// How connections are read.
    package var server: HTTPServerBuilder { conventions.server }
}
