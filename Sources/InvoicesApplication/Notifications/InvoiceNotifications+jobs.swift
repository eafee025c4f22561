package import EventSourcing
package import InvoicesDomain

extension InvoiceNotifications {
    /// How jobs are tried: for about an hour and a half, since relays of mail and webhooks have outages, and put off senders
    /// that they do not know.
    package static let jobOptions: JobOptions = {
        var options = JobOptions()
        options.attempts = 10
        options.backoff = .exponential(.seconds(10), jitter: 0.2)
        return options
    }()

    /// The events that can have something to tell: of everything, or of some names only.
    package static func filter(of tenant: TenantID, _ names: [InvoiceEvent.Name] = Self.told) -> LogFilter {
        do {
            return LogFilter(
                tenant: tenant, categories: [.invoices], types: Set(try names.map { try EventType($0.rawValue) }))
        } catch { preconditionFailure("\(error)") }
    }

    package static let told: [InvoiceEvent.Name] =
        [.created, .issued, .paymentReceived, .paymentReversed, .becameOverdue, .reminderRequested]

    /// Makes jobs of the events that have something to tell, for a worker that calls ``perform(_:)``.
    package static func route(of tenant: TenantID) -> JobRoute {
        JobRoute(queueName, for: filter(of: tenant)) { event in
            guard let recorded = try Recorded<InvoiceEvent>(decoding: event),
                NotificationTemplate(recorded.event) != nil
            else { return [] }
            return [Job(for: event, options: jobOptions)]
        }
    }

    /// Does the work of a job: of an event, in any of the forms that ``/EventSourcing/EventReference`` reads. What the job says
    /// of the event beside its place in the event store does not matter.
    ///
    /// - Throws: ``UnreadableJob``; ``/EventSourcing/EventNotFound``; what sending throws.
    package func perform(_ job: Job) async throws -> Outcome {
        let reference: EventReference
        do { reference = try job.data.decode(EventReference.self) } catch {
            throw UnreadableJob(id: job.id, reason: "its data does not name an event: \(error)")
        }
        let event = try await reference.read(from: events)
        guard filter.matches(event) else { return .nothing("nothing is told of such an event") }
        // Delayed jobs of earlier versions looked for overdue invoices.
        guard job.name != "overdue" else { return .nothing("an event tells that an invoice is overdue") }
        return try await tell(of: event)
    }
}

/// A job that this program cannot do.
package struct UnreadableJob: CategorizedError, CustomStringConvertible {
    package let id: String
    package let reason: String

    package var category: ErrorCategory { .poison }

    package var description: String { "job \(id) cannot be done: \(reason)" }
}
