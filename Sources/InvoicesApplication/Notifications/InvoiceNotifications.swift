package import EventSourcing
import FoundationEssentials
package import InvoicesDomain

/// Tells what has happened to invoices.
///
/// It is an event handler, and does the jobs of the queue ``queueName``. In both ways a notification is sent once: an event
/// that is delivered again is found among the processed jobs. A crash between sending and recording that is what remains;
/// the repetition has the same id, by which the receiver can tell it.
///
/// The event and its invoice are read from the event store when the notification is sent: what was redacted or forgotten
/// meanwhile is not told.
package struct InvoiceNotifications: EventHandler {
    package static let queueName = "notification"

    /// How notifications are written, and to whom they go.
    package struct Settings: Sendable {
        package let tenant: TenantID
        package let language: NotificationLanguage
        /// An address of mail: no event has the customer's.
        package let recipient: String?
        package let calendar: BusinessCalendar

        package init(
            tenant: TenantID, language: NotificationLanguage = .english, recipient: String? = nil,
            calendar: BusinessCalendar = .utc
        ) {
            self.tenant = tenant
            self.language = language
            self.recipient = recipient
            self.calendar = calendar
        }
    }

    let settings: Settings
    let events: any EventReader
    private let processed: any ProcessedJobs
    private let renderer: any NotificationRendering
    private let notifier: any Notifier

    package init(
        _ settings: Settings, reading events: any EventReader, processed: any ProcessedJobs,
        renderer: any NotificationRendering, notifier: any Notifier
    ) {
        self.settings = settings
        self.events = events
        self.processed = processed
        self.renderer = renderer
        self.notifier = notifier
    }

    /// What a notification came to.
    package enum Outcome: Hashable, Sendable {
        case sent
        /// It was sent before.
        case repeated
        /// There is nothing to tell, for this reason.
        case nothing(String)
    }

    // MARK: Event handler

    package var name: String { Self.queueName }
    package var filter: LogFilter { Self.filter(of: settings.tenant) }

    package func handle(_ event: RecordedEvent, attempt: Int) async throws { _ = try await tell(of: event) }

    // MARK: Telling

    /// Tells of an event. That an invoice is overdue is not told any more when it was paid meanwhile.
    package func tell(of event: RecordedEvent) async throws -> Outcome {
        guard let recorded = try Recorded<InvoiceEvent>(decoding: event) else {
            return .nothing("the event was redacted")
        }
        guard let template = NotificationTemplate(recorded.event) else {
            return .nothing("nothing is told of such an event")
        }
        let invoices = AggregateReader<Invoice>(events)
        let loaded =
            template.isDemand
            ? try await invoices.load(event.stream)
            : try await invoices.load(event.stream, asOf: .revision(event.revision))
        guard let invoice = loaded.state.details else { return .nothing("what the invoice said was redacted") }
        if template.isDemand, invoice.dueDay == nil { return .nothing("nothing of the invoice is due any more") }
        let payment = NotificationValues.Payment(recorded.event, in: settings.calendar)
        return try await send(
            template, NotificationValues(invoice, payment: payment), of: invoice, as: event.id.text)
    }

    /// Sends a notification, unless one of this id was sent.
    private func send(
        _ template: NotificationTemplate, _ values: NotificationValues, of invoice: InvoiceDetails, as id: String
    ) async throws -> Outcome {
        try invoice.requireReadable()
        let message = try renderer.render(
            InvoiceNotification(
                id: id, template: template, language: settings.language, recipient: settings.recipient, values: values))
        let isFirst = try await processed.once(ProcessedJobID(id, by: name)) { try await notifier.send(message) }
        return isFirst ? .sent : .repeated
    }
}
