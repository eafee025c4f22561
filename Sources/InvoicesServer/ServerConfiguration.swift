import Configuration
import EventSourcing
// Brings the time zone database along: FoundationEssentials alone knows no zone by its name.
import Foundation
import HTTPConventions
import InvoicesApplication
import InvoicesDomain
import Logging
import Webhooks

/// Every setting of the service.
///
/// Configuration keys: `host`, `port`, `idle.timeout`, `headers.timeout`, `body.timeout`, `answer.timeout`,
/// `shutdown.timeout`, `log.level`, `data.directory`, `default.currency`, `default.rounding.rule`, `business.time.zone`, `reminders`,
/// `tenant`, `lock.timeout`, for each of `event.store` and `read.db` the keys of ``DatabaseConfiguration``, and those of
/// ``QueueConfiguration`` and ``NotificationConfiguration``. In the environment they are written in upper case with
/// underscores, such as `EVENT_STORE_HOST`.
struct ServerConfiguration: Sendable {
    /// The address to listen on.
    let host: String
    /// 0: any free port.
    let port: Int
    /// How long clients may take.
    let connections: ConnectionLimits
    let logLevel: Logger.Level
    /// Where the private PostgreSQL clusters and the private Redis live.
    let dataDirectory: String
    /// The currency of an invoice whose request leaves it out.
    let defaultCurrency: Currency
    /// How the lines of an invoice are rounded whose request does not say it.
    let defaultRoundingRule: RoundingRule
    /// By which it is told which day it is.
    let calendar: BusinessCalendar
    /// When overdue invoices are reminded of.
    let reminders: ReminderSchedule
    /// The tenant whose invoices are served.
    let tenant: TenantID
    /// How long a request waits for a lock that another session holds on a database, and a write for its turn.
    let lockTimeout: Duration
    /// Nil: a private cluster.
    let eventStore: DatabaseConfiguration?
    /// Nil: a private cluster.
    let readDatabase: DatabaseConfiguration?
    let queues: QueueConfiguration
    let notifications: NotificationConfiguration
    /// How events are sent to webhooks.
    let webhooks: WebhookConfiguration

    /// - Throws: ``Failure`` that names the setting, its value and what is expected.
    init(reading reader: ConfigReader) throws(Failure) {
        host = reader.string(forKey: "host", default: "127.0.0.1")
        port = try reader.value(forKey: "port", default: 3001, expected: "a number from 0 (any free one) to 65535") {
            Int($0).flatMap { (0...65_535).contains($0) ? $0 : nil }
        }
        connections = try ConnectionLimits(reading: reader)
        logLevel = try reader.value(
            forKey: "log.level", default: .info, expected: "trace, debug, info, notice, warning, error or critical"
        ) { Logger.Level(rawValue: $0.lowercased()) }
        dataDirectory = reader.string(forKey: "data.directory", default: ".data")
        defaultCurrency = try Self.currency(reading: reader)
        let rules = RoundingRule.allCases.map(\.rawValue).joined(separator: " or ")
        defaultRoundingRule = try reader.value(
            forKey: "default.rounding.rule", default: .standard, expected: rules
        ) { RoundingRule(rawValue: $0) }
        reminders = try reader.value(
            forKey: "reminders", default: .none,
            expected: "up to ten numbers of days from 2 to 365, ascending, with commas between, nor empty"
        ) { ReminderSchedule($0) }
        calendar = try reader.value(
            forKey: "business.time.zone", default: .utc,
            expected: "the name of a zone in the IANA time zone database, such as Europe/Berlin or UTC"
        ) { BusinessCalendar(zone: $0) }
        tenant = try reader.value(
            forKey: "tenant", default: TenantID(stored: "main"),
            expected: "1 to 64 ASCII letters, digits, underscores or dots"
        ) { try? TenantID($0) }
        lockTimeout = try reader.seconds(forKey: "lock.timeout", default: .seconds(10))
        eventStore = try DatabaseConfiguration(
            "event.store", reading: reader, defaultPort: 5432, defaultDatabase: "event_store")
        readDatabase = try DatabaseConfiguration(
            "read.db", reading: reader, defaultPort: 5433, defaultDatabase: "read_db")
        notifications = try NotificationConfiguration(reading: reader)
        queues = try QueueConfiguration(reading: reader, handlers: notifications.handlers)
        webhooks = try WebhookConfiguration(reading: reader, tenant: tenant)
    }

    /// New invoices are made out in it, so that it is one in use.
    private static func currency(reading reader: ConfigReader) throws(Failure) -> Currency {
        let currency = try reader.value(
            forKey: "default.currency", default: .euro, expected: "a currency code of ISO 4217, such as EUR"
        ) { Currency(code: $0) }
        guard let successor = currency.successor else { return currency }
        throw Failure(
            .configuration, "DEFAULT_CURRENCY: ISO 4217 has withdrawn \(currency); set \(successor) instead")
    }

    func makeLogger() -> Logger {
        var logger = Logger(label: "invoices") { LineLogHandler(label: $0) }
        logger.logLevel = logLevel
        return logger
    }
}

extension ConnectionLimits {
    /// - Throws: ``Failure`` that names the setting, its value and what is expected.
    fileprivate init(reading reader: ConfigReader) throws(Failure) {
        self.init()
        idle = try reader.seconds(forKey: "idle.timeout", default: idle)
        headers = try reader.seconds(forKey: "headers.timeout", default: headers)
        body = try reader.seconds(forKey: "body.timeout", default: body)
        answer = try reader.seconds(forKey: "answer.timeout", default: answer)
        shutdown = try reader.seconds(forKey: "shutdown.timeout", default: shutdown)
    }
}
