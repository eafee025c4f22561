/// The days that an invoice may bear as its issue date: of this year and the one before, up to today.
///
/// Numbers are given in the order of issuing, in the series of the issue date's year. Within a year a stated date can
/// therefore be earlier than that of a lower number; without stated dates the two orders are the same.
struct IssueDates {
    private let allowed: ClosedRange<CalendarDate>

    init(today: CalendarDate) {
        // There is no year before the first one.
        allowed = (CalendarDate(year: today.year - 1, month: 1, day: 1) ?? today)...today
    }

    /// The stated date; today when none is stated.
    ///
    /// - Throws: ``InvoiceError/issueDateOutOfRange(_:allowed:)``.
    func resolve(_ stated: CalendarDate?) throws(InvoiceError) -> CalendarDate {
        guard let stated else { return allowed.upperBound }
        guard allowed.contains(stated) else { throw .issueDateOutOfRange(stated, allowed: allowed) }
        return stated
    }
}
