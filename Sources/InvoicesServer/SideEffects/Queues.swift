import BullMQ
import EmbeddedRedis
import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import HTTPConventions
import LibPQ
import Logging
import ServiceLifecycle

/// The queues that events are brought to. Redis is not waited for.
struct Queues: Sendable {
    /// What runs as long as they are used, in the order of dependency.
    private(set) var services: [any Service] = []
    /// Why the queues take no jobs, without internal details; nil when they do.
    private(set) var failure: @Sendable () async -> String? = { nil }
    private var makeQueue: @Sendable (String) throws -> any JobQueue

    /// The queues that this process brings events to, or another one; nil when there are none.
    ///
    /// - Parameter client: of the event store, where BullMQ's own backend in it is used.
    init?(_ configuration: ServerConfiguration, in client: PostgresClient, logger: Logger) throws {
        let queues = configuration.queues
        guard queues.runsRelays else {
            makeQueue = { _ in throw Failure(.unavailable, "RELAY: another process brings events to the queues") }
            return
        }
        guard !queues.routes.isEmpty else { return nil }
        guard queues.backend == .redis else {
            makeQueue = { try BullMQPostgresQueue($0, client) }
            return
        }
        guard let redis = try Self.redis(configuration, &services, logger: logger) else { return nil }
        let health = RedisHealth(of: redis, prefix: queues.prefix)
        services += [redis, health]
        failure = { await health.failureNow().map { "Redis \($0)" } }
        makeQueue = { try BullMQQueue($0, prefix: queues.prefix, client: redis) }
    }

    func queue(named name: String) throws -> any JobQueue { try makeQueue(name) }

    /// The client of the Redis that is set, or of the private one; nil when there is none.
    private static func redis(
        _ configuration: ServerConfiguration, _ services: inout [any Service], logger: Logger
    ) throws -> RedisClient? {
        let url: RedisURL
        if let redis = configuration.queues.redis {
            url = redis
        } else {
            guard configuration.eventStore == nil, configuration.readDatabase == nil else {
                logger.notice("Queues are off: REDIS_URL is not set")
                return nil
            }
            do {
                let server = try PrivateRedis(in: configuration.dataDirectory, logger: logger)
                services.append(server)
                url = RedisURL(.unix(path: server.socket))
            } catch let error as RedisNotInstalled {
                logger.notice("Queues are off: \(error)")
                return nil
            }
        }
        var redis = configuration.queues.clientConfiguration(of: url)
        // Less than the time that the store leaves a message with a relay.
        redis.commandTimeout = .seconds(5)
        do { return try RedisClient(redis) } catch let error as RedisError {
            throw Failure(.configuration, "REDIS_URL, REDIS_SSL_ROOT_CERT: \(error)")
        }
    }
}

extension Queues? {
    /// Whether every relay brings its events out; nil when this process has none. The service works without.
    func healthCheck(of relays: [Relay]) async -> HealthCheck? {
        guard !relays.isEmpty else { return nil }
        var reasons = relays.compactMap(\.failure)
        if let failure = await self?.failure() { reasons.insert(failure, at: 0) }
        return HealthCheck(
            name: "relay", failure: reasons.isEmpty ? nil : reasons.joined(separator: "; "), isVital: false)
    }
}

extension Relay {
    /// Why it brings out nothing, without internal details; the details are in the log.
    fileprivate var failure: String? {
        switch state {
        case .running: nil
        case .unavailable(_, let since): "\(sink.name) takes nothing since \(RFC3339.string(from: since))"
        case .stopped: "\(sink.name) was stopped by an administrator"
        }
    }
}
