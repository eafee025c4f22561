import BullMQ
import EmbeddedRedis
import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import InvoicesApplication
import InvoicesDomain
import LibPQ
import Logging
import ServiceLifecycle

extension InvoicesService {
    /// Sets up what brings events to the queues, and the handlers of events that this process runs. Redis is not waited for.
    ///
    /// Sinks and handlers are registered before anything is served, so that no event is appended before them.
    func sideEffects(
        on databases: Databases, reading events: any EventReader, appended: PositionSignal, tail: LogTail
    ) async throws -> SideEffects {
        guard configuration.queues.runsRelays else {
            try await registerForOthers(in: databases.eventStore.client)
            return SideEffects()
        }
        var effects = SideEffects()
        // Exchanges of a group wait for each other; appends do not wait with them.
        let client = databases.eventStore.makeClient()
        let store = PostgresSubscriptionStore(client, tail: tail)
        effects.services.append(client)
        let wakeups = SubscriptionWakeups(
            reading: events, appended: appended, tail: tail, changes: store, logger: logger)
        effects.services.append(wakeups)
        let queue = configuration.queues.routes.isEmpty ? nil : try queues(client: client, in: &effects)
        if let queue { try await addRelays(to: queue, in: store, appended: appended, wakeups: wakeups, &effects) }
        let notifiesByQueue = queue != nil && configuration.queues.hasNotifications
        if configuration.notifications.runsHandlers(hasQueue: notifiesByQueue) {
            let notifications = try Notifications(
                configuration, reading: events, in: client, queue: nil, logger: logger)
            try await register(try Notifications.subscription(of: configuration.tenant), in: store)
            effects.services += notifications.services
            effects.services.append(
                try notifications.service(in: store, appended: appended, wakeups: wakeups, logger: logger))
        } else if !notifiesByQueue {
            throw Failure(
                .configuration,
                """
                EVENT_HANDLERS: queued needs a queue; set REDIS_URL, and the queue \(InvoiceNotifications.queueName) in \
                OUTBOX_ROUTES, or make the handlers synchronous
                """)
        }
        return effects
    }

    /// Makes the subscriptions of the sinks and handlers that another process runs, so that they have what is appended here
    /// before it starts.
    private func registerForOthers(in client: PostgresClient) async throws {
        let store = PostgresSubscriptionStore(client)
        if configuration.notifications.handlers == .synchronous {
            try await register(try Notifications.subscription(of: configuration.tenant), in: store)
        }
        for route in configuration.queues.routes {
            let tenant = configuration.tenant
            let id = try SubscriptionID(route.sink, of: tenant)
            try await register(
                try Subscription(id, on: .log(LogFilter(tenant: tenant)), from: .end), in: store)
        }
    }

    private func addRelays(
        to queue: (String) throws -> any JobQueue, in store: PostgresSubscriptionStore, appended: PositionSignal,
        wakeups: SubscriptionWakeups, _ effects: inout SideEffects
    ) async throws {
        for route in configuration.queues.routes {
            let sink = try sink(for: route, into: queue(route.queue))
            let relay = try Relay(to: sink, in: store, appended: appended, wakeups: wakeups, from: .end, logger: logger)
            try await register(relay.subscription, in: store)
            effects.relays.append(relay)
        }
        try check(effects.relays.map(\.sink))
        effects.services += effects.relays
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
            let health = RedisHealth(of: redis, prefix: prefix)
            effects.services.append(health)
            effects.queueFailure = { await health.failureNow().map { "Redis \($0)" } }
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
        var redis = configuration.queues.clientConfiguration(of: url)
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

    /// The jobs of the queue of notifications are those that its worker wants; other queues get a job for each event.
    private func sink(for route: OutboxRoute, into queue: any JobQueue) throws -> QueueSink {
        let tenant = configuration.tenant
        let told = route.queue == InvoiceNotifications.queueName ? InvoiceNotifications.route(of: tenant) : nil
        let jobs = JobRoute(route.queue, for: try route.filter(of: tenant)) { event in
            if let told, told.filter.matches(event) { return try told.jobs(event) }
            return [Job(for: event)]
        }
        return try QueueSink(route.sink, into: queue, routes: [jobs], of: LogFilter(tenant: tenant))
    }

    private func register(_ subscription: Subscription, in store: PostgresSubscriptionStore) async throws {
        do { try await store.register(subscription) } catch let error as SubscriptionDiffers {
            throw Failure(.data, "event store: \(error)")
        }
    }

    private func check(_ sinks: [any EventSink]) throws {
        let types = Set(try InvoiceEvent.Name.allCases.map { try EventType($0.rawValue) })
        do { try sinks.check(against: types) } catch { throw Failure(.configuration, "OUTBOX_ROUTES: \(error)") }
    }
}
