import BullMQ
import Configuration
import InvoicesApplication

/// Which events leave the service for queues, and where the queues are.
///
/// Configuration keys: `redis.url` (a secret), `redis.ssl.root.cert`, `queue.backend`, `queue.prefix`, `outbox.routes`,
/// `relay`.
struct QueueConfiguration: Sendable {
    enum Backend: String, CaseIterable {
        case redis
        /// BullMQ's own backend in the database of the event store.
        case postgres
    }

    let backend: Backend
    /// Nil: a private Redis beside private databases.
    let redis: RedisURL?
    /// The certificates that sign Redis's, for `rediss://`.
    let redisRootCertificates: String?
    /// What the names of BullMQ's keys begin with.
    let prefix: String
    let routes: [OutboxRoute]
    /// Whether this process brings events to the sinks.
    let runsRelays: Bool

    /// - Parameter handlers: where events are handled, if that is set.
    /// - Throws: ``Failure`` that names the setting and says what is expected.
    init(reading reader: ConfigReader, handlers: NotificationConfiguration.Handlers?) throws(Failure) {
        backend = try reader.value(forKey: "queue.backend", default: .redis, expected: "redis or postgres") {
            Backend(rawValue: $0)
        }
        redis = try Self.url(reader.string(forKey: "redis.url", isSecret: true) ?? "")
        redisRootCertificates = reader.string(forKey: "redis.ssl.root.cert").flatMap { $0.isEmpty ? nil : $0 }
        prefix = try reader.value(
            forKey: "queue.prefix", default: "bull", expected: "1 to 64 ASCII letters, digits or any of - _ . : { }"
        ) { text in
            let isValid = text.utf8.allSatisfy { byte in
                let character = Character(UnicodeScalar(byte))
                return character.isASCII && (character.isLetter || character.isNumber || "-_.:{}".contains(character))
            }
            return isValid && (1...64).contains(text.utf8.count) ? text : nil
        }
        // Nobody takes the standard jobs where the service itself handles the events.
        let standard = handlers == .synchronous ? "" : OutboxRoute.standard
        routes = try OutboxRoute.all(in: reader.string(forKey: "outbox.routes") ?? standard)
        runsRelays = try reader.value(forKey: "relay", default: true, expected: "yes or no") {
            ["yes": true, "no": false][$0.lowercased()]
        }
    }

    /// Whether notifications are jobs of a queue.
    var hasNotifications: Bool { routes.contains { $0.queue == InvoiceNotifications.queueName } }

    /// How a client reaches this Redis.
    func clientConfiguration(of url: RedisURL) -> RedisConfiguration {
        var configuration = RedisConfiguration.bullMQ(url)
        configuration.trustedCertificates = redisRootCertificates
        return configuration
    }

    /// The error does not repeat the URL, which may hold a password.
    private static func url(_ text: String) throws(Failure) -> RedisURL? {
        if text.isEmpty { return nil }
        do { return try RedisURL(text) } catch { throw Failure(.configuration, "REDIS_URL: \(error)") }
    }
}

extension QueueConfiguration: CustomReflectable {
    /// Without the password.
    var customMirror: Mirror {
        Mirror(self, children: ["redis": redis?.description ?? "", "routes": routes, "backend": backend])
    }
}
