import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import Glibc
import HTTPConventions
import Hummingbird
import InvoicesApplication
import InvoicesDomain
import InvoicesInfrastructure
import InvoicesPresentation
import LibPQ
import Logging
import NIOCore
import Pipelines
import ServiceLifecycle

extension InvoicesService {
    /// Puts everything together and serves until graceful shutdown: first the requests end, then what follows the log.
    func serve(on databases: Databases) async throws {
        // Exchanges of a group wait for each other; appends do not wait with them.
        let subscriptions = databases.eventStore.makeClient()
        var limits = AppendLimits()
        limits.batches.timeout = configuration.lockTimeout
        let runtime = PostgresRuntime(
            eventStore: databases.eventStore.client, readDatabase: databases.readDatabase.client,
            subscriptions: subscriptions, limits: limits, process: Self.processName)
        let (store, appended) = (runtime.store, runtime.appended)

        let queues = try Queues(configuration, in: subscriptions, logger: logger)
        let invoices = try await service(
            of: InvoicesPipeline.invoices(configuration).bringingOut(configuration, to: queues, in: subscriptions),
            on: runtime)
        let webhooks = webhooks(on: databases, appended: appended, tail: runtime.tail)

        let readModel = PostgresInvoiceReadModel(databases.readDatabase.client, events: store)
        let queries = QueryBus(progress: try invoices.progress(ofProjection: InvoiceProjection.name)) {
            InvoiceReading(readModel: readModel, tenant: $0.tenant)
        }
        let api = try InvoicesAPI(
            commands: invoices.commands.bus, queries: queries,
            histories: QueryBus(progress: appended) { InvoiceHistoryReading(events: store, tenant: $0.tenant) },
            feed: InvoiceFeed(reading: store, appended: appended, of: configuration.tenant), webhooks: webhooks.ports,
            tenant: configuration.tenant, defaultCurrency: configuration.defaultCurrency,
            defaultRoundingRule: configuration.defaultRoundingRule, calendar: configuration.calendar,
            documents: try documents(), connections: configuration.connections,
            readiness: { [lockTimeout = configuration.lockTimeout] in
                async let databases = databases.healthChecks(lockTimeout: lockTimeout)
                async let relays = queues.healthCheck(of: invoices.relays)
                return await databases + [relays].compactMap(\.self)
            })
        let server = APIServer(
            api.router(), connections: api.server,
            address: .hostname(configuration.host, port: configuration.port), logger: logger
        ) { [logger] in Self.announce($0, logger: logger) }

        let leaving = ((queues?.services ?? []) + webhooks.services).map { EndingQuietly($0, logger: logger) }
        var group = ServiceGroupConfiguration(
            services: databases.services + [subscriptions] + leaving + [invoices, server], logger: logger)
        // The server ends by itself: it cuts its connections, which cancels their requests.
        group.maximumGracefulShutdownDuration = configuration.connections.shutdown + Self.shutdownMargin
        try await namingBindFailures { try await ServiceGroup(configuration: group).run() }
    }

    /// The pipeline with what of it this process runs. Sinks and handlers are registered when this returns, before anything is
    /// served: no event is appended before them.
    private func service(
        of pipeline: InvoicesPipeline, on runtime: PostgresRuntime
    ) async throws -> PipelineService<Invoice, Invoicing> {
        do {
            return try await pipeline.service(
                on: runtime, running: configuration.queues.runsRelays ? [.projections, .consumers] : [.projections],
                logger: logger)
        } catch let error as SubscriptionDiffers {
            throw Failure(.data, "event store: \(error)")
        }
    }

    /// Its host and number, as people look for it.
    static var processName: String {
        let process = ProcessInfo.processInfo
        return "\(process.hostName), process \(process.processIdentifier)"
    }

    private func documents() throws -> APIDocuments {
        let openAPI = try Data(contentsOf: URL(filePath: Resources.require("openapi.yaml")))
        return try APIDocuments(openAPI: openAPI, swaggerUI: Resources.find(".swagger-ui").map { URL(filePath: $0) })
    }

    private static func announce(_ channel: any Channel, logger: Logger) {
        guard let address = channel.localAddress, let ip = address.ipAddress, let port = address.port else { return }
        let host = address.protocol == .inet6 ? "[\(ip)]" : ip
        logger.notice(
            """
            Serving on http://\(host):\(port), its documentation on http://\(host):\(port)/api. \
            There is no authentication yet: keep it on this machine, or behind a proxy that authenticates.
            """)
    }

    /// Tells what to do when the address cannot be listened on.
    private func namingBindFailures(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as IOError {
            let port = configuration.port
            throw Failure(
                .unavailable,
                error.errnoCode == EADDRINUSE
                    ? "port \(port) is in use: stop the program that uses it, or choose another one with PORT or --port"
                    : "cannot listen on \(configuration.host), port \(port): \(error)")
        } catch let error as SocketAddressError.UnknownHost {
            throw Failure(
                .unavailable, "cannot listen on \(configuration.host), which is no host that is known here: \(error)")
        }
    }
}

extension Databases {
    /// What runs as long as the databases are used, in the order of dependency.
    var services: [any Service] { clusters + all.map(\.client) + all.map(\.lockWatch) }

    /// What is well and what is not, in words for anybody; the details are in the log.
    fileprivate func healthChecks(lockTimeout: Duration) async -> [HealthCheck] {
        async let eventStoreFailure = eventStore.failure { $0.duration >= lockTimeout }
        // What stops only writes to the read database makes reads old, and nothing else.
        async let readDatabaseFailure = readDatabase.failure { $0.stopsReads && $0.duration >= lockTimeout }
        return await [
            HealthCheck(name: "event-store", failure: eventStoreFailure),
            HealthCheck(name: "read-database", failure: readDatabaseFailure),
        ]
    }
}
