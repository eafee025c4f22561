import EventSourcing
package import FoundationEssentials

/// A day of the Gregorian calendar, without a time and without a zone: `2026-11-30`.
package struct CalendarDate: Hashable, Comparable, Sendable, CodableAsText {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Reads `YYYY-MM-DD`; nil when the text is not a day of the calendar between the years 1 and 9999.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
            let year = Self.number(digits[0..<4]), let month = Self.number(digits[5..<7]),
            let day = Self.number(digits[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Nil when there is no such day between the years 1 and 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), RFC3339.isDate(year: year, month: month, day: day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that it is in UTC at a time.
    ///
    /// - Precondition: the time is between the years 1 and 9999.
    package init(inUTC time: Date) {
        let days = Int((time.timeIntervalSince1970 / 86_400).rounded(.down))
        (year, month, day) = RFC3339.civilDate(fromDays: days)
        precondition((1...9999).contains(year), "a calendar date is between the years 1 and 9999")
    }

    /// The day so many days later; the last day of the calendar if that is beyond it.
    package func advanced(by days: Int) -> CalendarDate {
        let date = RFC3339.civilDate(fromDays: RFC3339.days(fromYear: year, month: month, day: day) + days)
        return CalendarDate(year: date.year, month: date.month, day: date.day) ?? Self.last
    }

    private static let last = CalendarDate("9999-12-31")!

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    package var description: String {
        Self.padded(year, to: 4) + "-" + Self.padded(month, to: 2) + "-" + Self.padded(day, to: 2)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
