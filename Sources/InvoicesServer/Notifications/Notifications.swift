import EventSourcing
import EventSourcingPostgres
import InvoicesApplication
import InvoicesDomain
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
    init(
        _ configuration: ServerConfiguration, reading events: any EventReader, in client: PostgresClient,
        logger: Logger
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
            settings, reading: events, processed: processed, renderer: try NotificationTemplates(),
            notifier: notifier)
        self.services = services
    }

    /// The persistent subscriptions of the handler where the service runs it. One begins with the events to come. The other
    /// came later, with its events: the source of a subscription cannot change.
    static func subscriptions(of tenant: TenantID) throws -> [Subscription] {
        let sources: [(String, [InvoiceEvent.Name], SubscriptionStart)] = [
            (InvoiceNotifications.queueName, [.created, .issued, .paymentReceived, .paymentReversed], .end),
            ("\(InvoiceNotifications.queueName).overdue", [.becameOverdue, .reminderRequested], .beginning),
        ]
        return try sources.map { name, events, start in
            try Subscription(
                SubscriptionID(name, of: tenant), on: .log(InvoiceNotifications.filter(of: tenant, events)),
                from: start, settings: subscriptionSettings)
        }
    }

    /// What runs the handler in the process that serves.
    func services(
        in store: any SubscriptionStore, appended: PositionSignal, wakeups: SubscriptionWakeups, logger: Logger
    ) throws -> [any Service] {
        var configuration = SubscriptionConsumer.Configuration()
        // No message in hand waits as long as its time-out, however slow a relay of mail is.
        (configuration.capacity, configuration.concurrency) = (8, 4)
        return try Self.subscriptions(of: tenant).map { subscription in
            SubscriptionConsumer(
                of: subscription, in: store, appended: appended, wakeups: wakeups, configuration: configuration,
                logger: logger
            ) { [handler] event, attempt in try await handler.handle(event, attempt: attempt) }
        }
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
