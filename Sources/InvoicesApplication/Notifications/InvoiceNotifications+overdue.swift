import EventSourcing
import FoundationEssentials
import InvoicesDomain

// No event says that an invoice is overdue: a day goes by, and nothing happens. A delayed job looks at the invoice as it is
// then.
extension InvoiceNotifications {
    package static let overdueJobName = "overdue"

    /// The longest delay of a job; after that, one for the rest of the time takes its place.
    private static let longestDelay = Duration.seconds(200 * 86_400)

    /// Adds the job that looks at an issued invoice when its due date is over.
    func watch(_ invoice: InvoiceDetails, issuedBy event: RecordedEvent) async throws {
        guard let dueDate = invoice.terms.dueDate else { return }
        try await addJob("overdue-\(event.id.text)", of: event, dueOn: dueDate)
    }

    /// Tells that an invoice is overdue, unless nothing of it is due any more.
    ///
    /// - Parameter event: the one that issued it.
    func tellIfOverdue(_ event: RecordedEvent) async throws -> Outcome {
        guard !event.isRedacted else { return .nothing("the event was redacted") }
        let loaded = try await AggregateReader<Invoice>(events).load(event.stream)
        guard let invoice = loaded.state.details, let dueDay = invoice.dueDay else {
            return .nothing("nothing of the invoice is due any more")
        }
        let today = settings.calendar.day(at: now())
        guard dueDay < today else {
            // Nothing of an issued invoice changes its due date today. The day in the id lets the queue take the job while
            // it knows the one that is running.
            let delay = try await addJob("overdue-\(event.id.text)-\(today)", of: event, dueOn: dueDay)
            return .postponed(by: delay)
        }
        return try await send(
            .overdue, NotificationValues(invoice), of: invoice, as: "overdue-\(event.id.text)")
    }

    @discardableResult
    private func addJob(_ id: String, of event: RecordedEvent, dueOn day: CalendarDate) async throws -> Duration {
        guard let queue else { return .zero }
        var options = Self.jobOptions
        let wait = settings.calendar.end(of: day).timeIntervalSince(now())
        options.delay = min(.seconds(max(0, wait.rounded(.up))), Self.longestDelay)
        let job = Job(
            id: id, name: Self.overdueJobName, data: try EventPayload(encoding: EventReference(event)), options: options
        )
        for case .refused(let reason) in try await queue.add([job]) { throw UnreadableJob(id: id, reason: reason) }
        return options.delay
    }
}
