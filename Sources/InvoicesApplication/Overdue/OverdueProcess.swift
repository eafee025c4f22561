package import EventSourcing
package import FoundationEssentials
package import InvoicesDomain
package import Pipelines

/// Follows every invoice with a due date: when the day has passed and something is due, the invoice becomes overdue, and on
/// the days of the schedule a reminder is requested.
///
/// The process only wakes up in time: the invoice decides by itself whether it is overdue. Its deadlines are at the start of
/// a day in the calendar of the business. Reminders whose day has passed before the invoice became overdue, or while nothing
/// ran, are left out, but for the last one of several.
package struct OverdueProcess: ProcessManager {
    package typealias State = OverdueState
    package typealias Command = FollowUpInvoice

    /// A context of its own: what subscribes to `invoices.*` does not get the bookkeeping.
    package static let category: StreamCategory = {
        do { return try StreamCategory(context: "collection", aggregate: "overdue", schema: 1) } catch {
            preconditionFailure("\(error)")
        }
    }()

    static let overdue = "overdue"
    static let reminder = "reminder"

    let tenant: TenantID
    let calendar: BusinessCalendar
    let reminders: ReminderSchedule

    package init(of tenant: TenantID, in calendar: BusinessCalendar, reminders: ReminderSchedule = .none) {
        self.tenant = tenant
        self.calendar = calendar
        self.reminders = reminders
    }

    package var filter: LogFilter { LogFilter(tenant: tenant, categories: [.invoices]) }

    package func instance(for event: RecordedEvent) -> String? { String(event.stream.entityID) }

    package func react(
        to input: ProcessInput<Command>, in state: State, at now: Date
    ) throws -> [Action] {
        switch input {
        case .event(let record):
            guard let event = try Recorded<InvoiceEvent>(decoding: record)?.event else { return [] }
            return follow(event, state.invoice)
        case .deadlineReached(let name, _):
            guard let invoice = state.invoice, let dueDay = invoice.dueDay else { return [] }
            // The time zone of the business may have changed since the deadline was set.
            guard calendar.end(of: dueDay) <= now else {
                return [.setDeadline(Self.overdue, at: calendar.end(of: dueDay))]
            }
            let days = name == Self.reminder ? reminders.last(of: dueDay, at: now, in: calendar) : nil
            var actions: [Action] = []
            if name == Self.overdue || days != nil {
                actions.append(.send(FollowUpInvoice(invoice.id, reminderAfter: days)))
            }
            if let next = reminders.next(of: dueDay, after: now, in: calendar) {
                actions.append(.setDeadline(Self.reminder, at: next))
            }
            return actions
        case .commandRefused:
            return []
        }
    }

    private func follow(_ event: InvoiceEvent, _ known: FollowedInvoice?) -> [Action] {
        guard let invoice = FollowedInvoice(known, after: event), invoice != known else { return [] }
        var actions: [Action] = [.record(.followed(invoice))]
        if invoice.dueDay != known?.dueDay {
            if known?.dueDay != nil { actions += [.cancelDeadline(Self.overdue), .cancelDeadline(Self.reminder)] }
            if let dueDay = invoice.dueDay {
                actions.append(.setDeadline(Self.overdue, at: calendar.end(of: dueDay)))
            }
        }
        if case .voided = event { actions.append(.end) }
        return actions
    }
}
