import EventSourcing
import InvoicesApplication
import LibPQ
import Pipelines
import ServiceLifecycle

/// The notifications of the service as handlers in a process that serves.
struct NotificationHandlers: PipelineConsumer {
    let configuration: ServerConfiguration
    /// Of the event store, for the processed jobs.
    let client: PostgresClient

    var filters: [LogFilter] { [InvoiceNotifications.filter(of: configuration.tenant)] }

    func subscriptions() throws -> [Subscription] { try Notifications.subscriptions(of: configuration.tenant) }

    func service(on host: PipelineHost<Invoicing>) throws -> any Service {
        let notifications = try Notifications(
            configuration, reading: host.runtime.events, in: client, logger: host.logger)
        let handlers = try notifications.services(
            in: host.runtime.subscriptions, appended: host.runtime.appended,
            wakeups: host.wakeups, logger: host.logger)
        return ServiceGroup(services: notifications.services + handlers, logger: host.logger)
    }
}

extension ServerConfiguration {
    /// Whether a process that serves, this one or another, sends the notifications.
    ///
    /// - Parameter queues: of this process, if it reaches any.
    /// - Throws: ``Failure`` when workers of a queue are to send them, and there is no such queue.
    func runsHandlers(_ queues: Queues?) throws(Failure) -> Bool {
        guard self.queues.runsRelays else { return notifications.handlers == .synchronous }
        let hasQueue = queues != nil && self.queues.hasNotifications
        guard !notifications.runsHandlers(hasQueue: hasQueue) else { return true }
        guard hasQueue else {
            throw Failure(
                .configuration,
                """
                EVENT_HANDLERS: queued needs a queue; set REDIS_URL, and the queue \(InvoiceNotifications.queueName) in \
                OUTBOX_ROUTES, or make the handlers synchronous
                """)
        }
        return false
    }
}
