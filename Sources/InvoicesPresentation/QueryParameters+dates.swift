import EventSourcing
import HTTPConventions
import InvoicesDomain

extension QueryParameters {
    /// A day of the calendar; nil when the parameter is left out or wrong.
    mutating func date(_ name: String) -> CalendarDate? {
        value(
            name, else: .notADate, expecting: MemberFormat<CalendarDate>.date.expectation, read: CalendarDate.init)
    }

    /// The day by which the answer says what is overdue; nil when the caller states none, which means today.
    mutating func judgementDay() -> CalendarDate? { date("on") }
}
