import EventSourcing
import EventSourcingPostgres
import InvoicesApplication
import InvoicesInfrastructure
import InvoicesPresentation
import LibPQ
import Logging
import SMTP
import ServiceLifecycle

/// The notifications of the service, put together as they are configured.
struct Notifications: Sendable {
    /// Tells of events; does the jobs of the queue ``InvoicesApplication/InvoiceNotifications/queueName``.
    let handler: InvoiceNotifications
    /// What runs as long as the handler is used.
    let services: [any Service]
    private let tenant: TenantID

    /// - Parameters:
    ///   - events: the event store, which events are read from when a notification is sent.
    ///   - client: of the event store's database, in the service's role; for the processed jobs.
    ///   - queue: the queue whose worker runs the handler; nil where the service runs it itself. Then nobody is told of
    ///     overdue invoices.
    init(
        _ configuration: ServerConfiguration, reading events: any EventReader, in client: PostgresClient,
        queue: (any JobQueue)?, logger: Logger
    ) throws {
        let settings = InvoiceNotifications.Settings(
            tenant: configuration.tenant, language: configuration.notifications.language,
            recipient: configuration.notifications.recipient?.address, calendar: configuration.calendar)
        tenant = configuration.tenant
        let processed = PostgresProcessedJobs(client)
        var services: [any Service] = [ProcessedJobsPurge(processed, logger: logger)]
        let notifier: any Notifier
        switch configuration.notifications.channel {
        case .log: notifier = LogNotifier(logger)
        case .smtp(let relay, let sender): notifier = SMTPNotifier(SMTPClient(relay), from: sender)
        case .webhook(let url):
            let webhook = WebhookNotifier(url: url)
            services.append(webhook)
            notifier = webhook
        }
        handler = InvoiceNotifications(
            settings, reading: events, processed: processed, renderer: try NotificationTemplates(), notifier: notifier,
            queue: queue)
        self.services = services
    }

    /// The persistent subscription of the handler where the service runs it; it begins with the events to come.
    static func subscription(of tenant: TenantID) throws -> Subscription {
        try Subscription(
            SubscriptionID(InvoiceNotifications.queueName, of: tenant),
            on: .log(InvoiceNotifications.filter(of: tenant)), from: .end, settings: subscriptionSettings)
    }

    /// What runs the handler in the process that serves.
    func service(
        in store: any SubscriptionStore, appended: PositionSignal, wakeups: SubscriptionWakeups, logger: Logger
    ) throws -> any Service {
        var configuration = SubscriptionConsumer.Configuration()
        // No message in hand waits as long as its time-out, however slow a relay of mail is.
        (configuration.capacity, configuration.concurrency) = (8, 4)
        return SubscriptionConsumer(
            of: try Self.subscription(of: tenant), in: store, appended: appended, wakeups: wakeups,
            configuration: configuration, logger: logger
        ) { [handler] event, attempt in try await handler.handle(event, attempt: attempt) }
    }

    /// As many attempts as a job has, over about as long a time.
    private static let subscriptionSettings: SubscriptionSettings = {
        var settings = SubscriptionSettings()
        settings.messageTimeout = .seconds(120)
        settings.maxAttempts = InvoiceNotifications.jobOptions.attempts
        settings.retryDelays = (0..<settings.maxAttempts).map { .seconds(10) * (1 << $0) }
        // An invoice's later notifications do not wait for one that cannot be sent.
        settings.parkedStream = .goesOn
        return settings
    }()
}

extension NotificationConfiguration {
    /// Whether the process that serves runs the handlers.
    ///
    /// - Parameter hasQueue: whether there is a queue of notifications.
    func runsHandlers(hasQueue: Bool) -> Bool { handlers.map { $0 == .synchronous } ?? !hasQueue }
}
