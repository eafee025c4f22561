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
import ServiceLifecycle

extension InvoicesService {
    /// Puts everything together and serves until graceful shutdown: first the requests end, then the projections.
    func serve(on databases: Databases) async throws {
        let (appended, tail) = (PositionSignal(), LogTail())
        var limits = AppendLimits()
        limits.batches.timeout = configuration.lockTimeout
        let store = PostgresEventStore(databases.eventStore.client, limits: limits, appended: appended, tail: tail)
        let states = AggregateCache<Invoice>()
        let aggregates = AggregateStore(store, cache: states)
        let calendar = configuration.calendar
        let commands = CommandBus {
            Invoicing(invoices: aggregates, context: $0, calendar: calendar, writingRefusals: InvoicesAPI.written)
        }

        let readDatabase = databases.readDatabase.client
        let projection = PostgresProjection.invoices(in: readDatabase, recalling: states)
        let applied = PositionSignal()
        // A crash, or a fail-over, may take back what the projection has committed last.
        readDatabase.whenConnectionIsLost { applied.invalidate() }
        let readModel = PostgresInvoiceReadModel(readDatabase, events: store)
        let queries = QueryBus(progress: applied) { InvoiceReading(readModel: readModel, tenant: $0.tenant) }
        let histories = QueryBus(progress: appended) { InvoiceHistoryReading(events: store, tenant: $0.tenant) }

        // Of the processes on these databases one runs the projection, and all of them follow it.
        let ownership = PostgresOwnership(for: Self.processName, in: readDatabase, logger: logger)
        let following: [any Service] = [
            PostgresPositionRelay.log(of: store, logger: logger),
            PostgresPositionRelay.projections([projection.name: applied], in: readDatabase, logger: logger),
            ownership,
            ProjectionRunner(
                reading: store, into: projection, owning: ownership, appended: appended, tail: tail,
                applied: applied, logger: logger),
        ]

        let effects = try await sideEffects(on: databases, reading: store, appended: appended)
        let webhooks = webhooks(on: databases, appended: appended)
        let api = try InvoicesAPI(
            commands: commands, queries: queries, histories: histories,
            feed: InvoiceFeed(reading: store, appended: appended, of: configuration.tenant), webhooks: webhooks.ports,
            tenant: configuration.tenant, defaultCurrency: configuration.defaultCurrency,
            defaultRoundingRule: configuration.defaultRoundingRule, calendar: calendar, documents: try documents(),
            connections: configuration.connections,
            readiness: { [configuration] in
                async let databases = databases.healthChecks(lockTimeout: configuration.lockTimeout)
                async let relays = effects.healthCheck()
                return await databases + [relays].compactMap(\.self)
            })
        let server = APIServer(
            api.router(), connections: api.server,
            address: .hostname(configuration.host, port: configuration.port), logger: logger
        ) { [logger] in Self.announce($0, logger: logger) }

        let leaving = (effects.services + webhooks.services).map { EndingQuietly(service: $0, logger: logger) }
        var group = ServiceGroupConfiguration(
            services: databases.services + following + leaving + [server], logger: logger)
        // The server ends by itself: it cuts its connections, which cancels their requests.
        group.maximumGracefulShutdownDuration = configuration.connections.shutdown + Self.shutdownMargin
        try await namingBindFailures { try await ServiceGroup(configuration: group).run() }
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
