package import FoundationEssentials
package import Hummingbird
package import HummingbirdCore

/// What every API has beside the routes of its context: the middlewares, health checks, its own description, and how
/// connections are read.
package struct APIConventions: Sendable {
    let problems: ProblemCatalog
    let documents: APIDocuments
    let idempotency: IdempotencyMiddleware
    let edge: MessageEdge
    let readiness: @Sendable () async -> [HealthCheck]
    let connections: ConnectionLimits
    let makeID: @Sendable () -> UUID

    /// - Parameters:
    ///   - problems: the kinds of problems, and which errors become which.
    ///   - documents: what the API serves about itself.
    ///   - idempotency: replays writes that have an `Idempotency-Key`.
    ///   - edge: makes the context that each request is handled in.
    ///   - readiness: checks everything that the service depends on.
    ///   - connections: how long clients may take.
    ///   - makeID: makes the ids of requests.
    package init(
        problems: ProblemCatalog, documents: APIDocuments, idempotency: IdempotencyMiddleware,
        edge: MessageEdge, readiness: @escaping @Sendable () async -> [HealthCheck],
        connections: ConnectionLimits = ConnectionLimits(),
        makeID: @escaping @Sendable () -> UUID
    ) {
        self.problems = problems
        self.documents = documents
        self.idempotency = idempotency
        self.edge = edge
        self.readiness = readiness
        self.connections = connections
        self.makeID = makeID
    }

    /// The router, to be handed to an `Application`.
    ///
    /// - Parameter addRoutes: adds the routes of the context. Its first argument is for routes that only answer, such as
    ///   streams; its second one for resources, which have conditions, preferences and idempotency keys.
    package func router(
        adding addRoutes: (_ plain: RouterGroup<APIRequestContext>, _ resources: RouterGroup<APIRequestContext>) -> Void
    ) -> Router<APIRequestContext> {
        let routes = RouteTable()
        let router = Router(context: APIRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestMiddleware(catalog: problems, routes: routes, edge: edge, makeID: makeID))
        let plain = router.group().add(middleware: AcceptMiddleware())
        let resources = plain.group().add(middleware: ResourceMiddleware(idempotency: idempotency))
        addRoutes(plain, resources)
        DocumentController(documents: documents)
            .addRoutes(to: plain.group().add(middleware: IfNoneMatchMiddleware()))
        HealthController(checks: readiness).addRoutes(to: plain)
        ProblemController(catalog: problems).addRoutes(to: plain)
        routes.fill(from: router)
        return router
    }

    /// How connections are read.
    package var server: HTTPServerBuilder { .api(limits: connections, makeID: makeID) }
}
