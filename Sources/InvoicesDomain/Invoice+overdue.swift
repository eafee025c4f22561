package import FoundationEssentials

extension Invoice {
    /// Notes that the due date has passed: once, until nothing is due any more. Nothing of an invoice that is not overdue.
    ///
    /// - Parameter calendar: which day it is.
    package func becomeOverdue(at now: Date, in calendar: BusinessCalendar = .utc) -> [InvoiceEvent] {
        guard let details, let dueDate = details.dueDay, dueDate < calendar.day(at: now),
            details.overdueNotice?.dueDate != dueDate
        else { return [] }
        return [
            .becameOverdue(
                InvoiceBecameOverdue(
                    invoiceId: details.id, dueDate: dueDate, dueAmount: details.standing.due, overdueAt: now))
        ]
    }

    /// Asks for a reminder: once for each day of the schedule. Nothing of an invoice that is not overdue, or was reminded of
    /// on a later day of the schedule.
    ///
    /// - Parameter days: so many days after the due date the reminder is due.
    package func remind(
        afterDays days: Int, at now: Date, in calendar: BusinessCalendar = .utc
    ) -> [InvoiceEvent] {
        guard let details, let dueDate = details.dueDay, dueDate < calendar.day(at: now),
            let notice = details.overdueNotice, notice.dueDate == dueDate, notice.lastReminder ?? 0 < days
        else { return [] }
        return [
            .reminderRequested(
                InvoiceReminderRequested(
                    invoiceId: details.id, dueDate: dueDate, dueAmount: details.standing.due, daysOverdue: days,
                    requestedAt: now))
        ]
    }
}
