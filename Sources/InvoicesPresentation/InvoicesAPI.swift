package import EventSourcing
package import FoundationEssentials
package import Hummingbird
package import HummingbirdCore
package import InvoicesApplication
package import InvoicesDomain

/// The invoices' REST API, as `openapi.yaml` describes it.
package struct InvoicesAPI: Sendable {
    private let invoices: InvoiceController
    private let lists: InvoiceListController
    private let stream: InvoiceStreamController
    private let statements: StatementController
    private let documents: DocumentController
    private let health: HealthController
    private let idempotency: IdempotencyMiddleware
    private let makeID: @Sendable () -> UUID

    /// - Parameters:
    ///   - queries: asks of invoices and statements; it follows the read model that shows what a command has written.
    ///   - histories: asks of what has happened to invoices, which the event store itself tells.
    ///   - feed: what happens to invoices.
    ///   - heartbeat: after how long a silence a stream of events gives a sign of life.
    ///   - tenant: whose invoices these are.
    ///   - defaultCurrency: the currency of an invoice that is made out without one.
    ///   - documents: what the API serves about itself.
    ///   - now: the time by which a request is decided.
    ///   - makeID: makes the ids of invoices and requests.
    ///   - readiness: looks at everything that the service depends on.
    /// - Throws: when the template of printed invoices cannot be parsed.
    package init(
        commands: CommandBus<Invoicing>, queries: QueryBus<InvoiceReading>,
        histories: QueryBus<InvoiceHistoryReading>, feed: InvoiceFeed, heartbeat: Duration = .seconds(15),
        tenant: TenantID, defaultCurrency: Currency, documents: APIDocuments,
        now: @escaping @Sendable () -> Date = { Date() },
        makeID: @escaping @Sendable () -> UUID = { UUID.v7() },
        readiness: @escaping @Sendable () async -> [HealthCheck]
    ) throws {
        let rendered = RenderedInvoices()
        invoices = InvoiceController(
            commands: commands, queries: queries, histories: histories, tenant: tenant,
            defaultCurrency: defaultCurrency, printed: try PrintedInvoice(), rendered: rendered, now: now,
            makeID: makeID)
        lists = InvoiceListController(queries: queries, rendered: rendered, tenant: tenant, now: now)
        stream = InvoiceStreamController(feed: feed, heartbeat: heartbeat)
        statements = StatementController(queries: queries, tenant: tenant, now: now)
        self.documents = DocumentController(documents: documents)
        health = HealthController(checks: readiness)
        idempotency = IdempotencyMiddleware(tenant: tenant)
        self.makeID = makeID
    }

    /// The router, to be handed to an `Application`.
    package func router() -> Router<InvoicesRequestContext> {
        let routes = Router(context: InvoicesRequestContext.self)
        addRoutes(to: routes)
        let router = Router(context: InvoicesRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            UpgradeMiddleware()
            RequestIDMiddleware(makeID: makeID)
            AccessLogMiddleware()
            HeadMiddleware()
            CompressionMiddleware()
            ProblemMiddleware(routes: RouteTable(of: routes))
        }
        addRoutes(to: router)
        return router
    }

    /// How connections are read: with limits, and with a word for what is beyond them.
    package var server: HTTPServerBuilder {
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [LastAnswerHandler(), ParserRefusalHandler(makeID: makeID)],
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: RequestLimits.headersSize, maxHeaderListSize: RequestLimits.headersSize,
                maxHeaderFieldCount: RequestLimits.headerCount))
        return HTTPServerBuilder { responder in
            EventLoopChannel(channel: HTTP1Channel(responder: responder, configuration: configuration))
        }
    }

    private func addRoutes(to router: Router<InvoicesRequestContext>) {
        let routes = router.group().add(middleware: AcceptMiddleware())
        let resources = routes.group()
            .add(middleware: IfNoneMatchMiddleware())
            .add(middleware: PreferMiddleware())
            .add(middleware: idempotency)
        invoices.addRoutes(to: resources)
        lists.addRoutes(to: resources)
        statements.addRoutes(to: resources)
        stream.addRoutes(to: routes)
        documents.addRoutes(to: routes)
        health.addRoutes(to: routes)
        ProblemController().addRoutes(to: routes)
    }
}
