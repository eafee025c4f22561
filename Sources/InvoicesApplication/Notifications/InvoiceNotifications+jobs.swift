package import EventSourcing
import InvoicesDomain

extension InvoiceNotifications {
    /// How jobs are tried: for about an hour and a half, since relays of mail and webhooks have outages, and put off senders
    /// that they do not know.
    package static let jobOptions: JobOptions = {
        var options = JobOptions()
        options.attempts = 10
        options.backoff = .exponential(.seconds(10), jitter: 0.2)
        return options
    }()

    /// The events that can have something to tell.
    package static func filter(of tenant: TenantID) -> LogFilter {
        let names: [InvoiceEvent.Name] = [.created, .issued, .paymentReceived, .paymentReversed]
        do {
            return LogFilter(
                tenant: tenant, categories: [.invoices], types: Set(try names.map { try EventType($0.rawValue) }))
        } catch { preconditionFailure("\(error)") }
    }

    /// Makes jobs of the events that have something to tell, for a worker that calls ``perform(_:)``.
    package static func route(of tenant: TenantID) -> JobRoute {
        JobRoute(queueName, for: filter(of: tenant)) { event in
            guard let recorded = try Recorded<InvoiceEvent>(decoding: event),
                NotificationTemplate(recorded.event) != nil
            else { return [] }
            return [Job(for: event, options: jobOptions)]
        }
    }

    /// Does the work of a job: of an event, in any of the forms that ``/EventSourcing/EventReference`` reads, or of an invoice
    /// that can be overdue. What the job says of the event beside its place in the event store does not matter.
    ///
    /// - Throws: ``UnreadableJob``; ``/EventSourcing/EventNotFound``; what sending throws.
    package func perform(_ job: Job) async throws -> Outcome {
        let reference: EventReference
        do { reference = try job.data.decode(EventReference.self) } catch {
            throw UnreadableJob(id: job.id, reason: "its data does not name an event: \(error)")
        }
        let event = try await reference.read(from: events)
        guard filter.matches(event) else { return .nothing("nothing is told of such an event") }
        return job.name == Self.overdueJobName ? try await tellIfOverdue(event) : try await tell(of: event)
    }
}

/// A job that this program cannot do.
package struct UnreadableJob: CategorizedError, CustomStringConvertible {
    package let id: String
    package let reason: String

    package var category: ErrorCategory { .poison }

    package var description: String { "job \(id) cannot be done: \(reason)" }
}
