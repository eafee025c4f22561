import FoundationEssentials
import InvoicesDomain

/// On which days after its due date an invoice that is not paid is reminded of.
package struct ReminderSchedule: Hashable, Sendable {
    /// In days after the due date, ascending.
    package let days: [Int]

    package static let none = ReminderSchedule(checked: [])

    private init(checked days: [Int]) { self.days = days }

    /// Reads `7,14`, or nothing for no reminders; nil unless they are at most ten ascending numbers of days from 2 to 365. On
    /// the first day after the due date the invoice becomes overdue, which is told anyway.
    package init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let days =
            text.allSatisfy(\.isWhitespace)
            ? [] : parts.map { Int($0.filter { !$0.isWhitespace }) ?? 0 }
        guard days.count <= 10, days.allSatisfy({ (2...365).contains($0) }),
            zip(days, days.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.init(checked: days)
    }

    /// The start of the next day of the schedule; nil when there is none any more.
    func next(of dueDate: CalendarDate, after now: Date, in calendar: BusinessCalendar) -> Date? {
        days.lazy.map { Self.start(of: $0, after: dueDate, in: calendar) }.first { $0 > now }
    }

    /// The last day of the schedule that has begun, in days after the due date; nil when none has.
    func last(of dueDate: CalendarDate, at now: Date, in calendar: BusinessCalendar) -> Int? {
        days.last { Self.start(of: $0, after: dueDate, in: calendar) <= now }
    }

    private static func start(of days: Int, after dueDate: CalendarDate, in calendar: BusinessCalendar) -> Date {
        calendar.end(of: dueDate.advanced(by: days - 1))
    }
}
