import BullMQ
import EmbeddedRedis
import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import InvoicesDomain
import LibPQ
import Logging
import ServiceLifecycle

extension InvoicesService {
    /// Sets up what brings events to the queues. Redis is not waited for.
    ///
    /// The sinks are registered before anything is served, so that no event is appended before them.
    func sideEffects(on databases: Databases, appended: PositionSignal) async throws -> SideEffects {
        var effects = SideEffects()
        guard !configuration.queues.routes.isEmpty, configuration.queues.runsRelays else { return effects }
        // Exchanges of a group wait for each other; appends do not wait with them.
        let client = databases.eventStore.makeClient()
        guard let queue = try queues(client: client, in: &effects) else { return effects }
        effects.services.insert(client, at: 0)
        let store = PostgresSubscriptionStore(client)
        for route in configuration.queues.routes {
            let sink = try sink(for: route, into: queue(route.queue))
            let relay = try Relay(to: sink, in: store, appended: appended, from: .end, logger: logger)
            try await register(relay, in: store)
            effects.relays.append(relay)
        }
        try check(effects.relays.map(\.sink))
        effects.services += effects.relays
        return effects
    }

    /// What makes a queue of its name; nil when there are no queues.
    private func queues(
        client: PostgresClient, in effects: inout SideEffects
    ) throws -> ((String) throws -> any JobQueue)? {
        switch configuration.queues.backend {
        case .postgres: return { try BullMQPostgresQueue($0, client) }
        case .redis:
            guard let redis = try redis(in: &effects) else { return nil }
            let prefix = configuration.queues.prefix
            effects.queueFailure = { await redis.failure(prefix: prefix).map { "Redis \($0)" } }
            return { try BullMQQueue($0, prefix: prefix, client: redis) }
        }
    }

    /// The client of the Redis that is set, or of the private one; nil when there is none.
    private func redis(in effects: inout SideEffects) throws -> RedisClient? {
        let queues = configuration.queues
        guard let url = queues.redis else {
            guard configuration.eventStore == nil, configuration.readDatabase == nil else {
                logger.notice("Queues are off: REDIS_URL is not set")
                return nil
            }
            do {
                let server = try PrivateRedis(in: configuration.dataDirectory, logger: logger)
                effects.services.append(server)
                return try redis(RedisURL(.unix(path: server.socket)), in: &effects)
            } catch let error as RedisNotInstalled {
                logger.notice("Queues are off: \(error)")
                return nil
            }
        }
        return try redis(url, in: &effects)
    }

    private func redis(_ url: RedisURL, in effects: inout SideEffects) throws -> RedisClient {
        var redis = RedisConfiguration(url: url)
        redis.trustedCertificates = configuration.queues.redisRootCertificates
        // Less than the time that the store leaves a message with a relay.
        redis.commandTimeout = .seconds(5)
        do {
            let client = try RedisClient(redis)
            effects.services.append(client)
            return client
        } catch let error as RedisError {
            throw Failure(.configuration, "REDIS_URL, REDIS_SSL_ROOT_CERT: \(error)")
        }
    }

    private func sink(for route: OutboxRoute, into queue: any JobQueue) throws -> QueueSink {
        let route = route
        return try QueueSink(
            route.sink, into: queue,
            routes: [JobRoute(route.queue, for: try route.filter(of: configuration.tenant)) { [Job(for: $0)] }],
            of: LogFilter(tenant: configuration.tenant))
    }

    private func register(_ relay: Relay, in store: PostgresSubscriptionStore) async throws {
        do { try await store.register(relay.subscription) } catch let error as SubscriptionDiffers {
            throw Failure(.data, "event store: \(error)")
        }
    }

    private func check(_ sinks: [any EventSink]) throws {
        let types = Set(try InvoiceEvent.Name.allCases.map { try EventType($0.rawValue) })
        do { try sinks.check(against: types) } catch { throw Failure(.configuration, "OUTBOX_ROUTES: \(error)") }
    }
}
