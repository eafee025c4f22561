public import FoundationEssentials

/// Times as RFC 3339 text in UTC, to the microsecond: `2026-11-21T09:30:00.250Z`.
///
/// Foundation's formatters are many times slower on Linux, and a time stands in every event and every answer.
/// The calendar arithmetic is the proleptic Gregorian one of the RFC (days from a civil date, counted from 1970).
public enum RFC3339 {
    /// The time in UTC; fractions of a second only where there are any, as three or six digits.
    public static func string(from date: Date) -> String {
        String(unsafeUninitializedCapacity: longest) { write(date, to: $0) }
    }

    /// No time takes more bytes.
    package static let longest = 32

    /// Writes the text of a time.
    ///
    /// - Parameter buffer: has room for ``longest`` bytes.
    /// - Returns: how many it has taken.
    package static func write(_ date: Date, to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let (days, microseconds) = (date.timeIntervalSince1970 * 1_000_000).rounded().microsecondsSplitByDay
        let (year, month, day) = civilDate(fromDays: days)
        let second = microseconds / 1_000_000
        let fraction = microseconds % 1_000_000
        var writer = DigitWriter(buffer: buffer)
        writer.write(year, digits: 4)
        writer.write("-", month, digits: 2)
        writer.write("-", day, digits: 2)
        writer.write("T", second / 3600, digits: 2)
        writer.write(":", second / 60 % 60, digits: 2)
        writer.write(":", second % 60, digits: 2)
        if fraction % 1_000 != 0 {
            writer.write(".", fraction, digits: 6)
        } else if fraction != 0 {
            writer.write(".", fraction / 1_000, digits: 3)
        }
        writer.write("Z")
        return writer.count
    }

    /// Reads an RFC 3339 time with any offset; nil when the text is none. Digits past the microsecond are dropped.
    public static func date(from text: String) -> Date? {
        var reader = DigitReader(text)
        guard let year = reader.digits(4), reader.skip("-"),
            let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2), reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.digits(2), reader.skip(":"),
            let minute = reader.digits(2), reader.skip(":"),
            let second = reader.digits(2),
            isDate(year: year, month: month, day: day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var microseconds = 0
        if reader.skip(".") {
            guard let fraction = reader.fraction() else { return nil }
            microseconds = fraction
        }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        let days = Self.days(fromYear: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + Double(microseconds) / 1_000_000)
    }

    /// The time that the text of a time says: the same to the microsecond, and the very same when it is written and read again.
    public static func rounded(_ date: Date) -> Date {
        let microseconds = Int((date.timeIntervalSince1970 * 1_000_000).rounded())
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let isNegative = rest < 0
        return Date(
            timeIntervalSince1970: Double(isNegative ? seconds - 1 : seconds)
                + Double(isNegative ? rest + 1_000_000 : rest) / 1_000_000)
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar.
    public static func days(fromYear year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date of the Gregorian calendar that is so many days after 1970-01-01.
    public static func civilDate(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// Whether year, month and day name a day of the Gregorian calendar.
    public static func isDate(year: Int, month: Int, day: Int) -> Bool {
        guard (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= lengths[month - 1]
    }
}

extension Double {
    /// A count of microseconds since 1970 as whole days and the microseconds into the day.
    fileprivate var microsecondsSplitByDay: (days: Int, microseconds: Int) {
        let dayLength = 86_400_000_000
        let total = Int(self)
        let days = total >= 0 ? total / dayLength : (total - dayLength + 1) / dayLength
        return (days, total - days * dayLength)
    }
}

private struct DigitWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    init(buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    mutating func write(_ separator: Unicode.Scalar) {
        buffer[count] = UInt8(ascii: separator)
        count += 1
    }

    mutating func write(_ separator: Unicode.Scalar, _ value: Int, digits: Int) {
        write(separator)
        write(value, digits: digits)
    }

    mutating func write(_ value: Int, digits: Int) {
        var rest = value
        for place in stride(from: count + digits - 1, through: count, by: -1) {
            buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }
}

private struct DigitReader {
    private let text: Substring.UTF8View
    private var next: Substring.UTF8View.Index

    init(_ text: String) {
        self.text = Substring(text).utf8
        next = self.text.startIndex
    }

    var isAtEnd: Bool { next == text.endIndex }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard !isAtEnd, text[next] == UInt8(ascii: character) else { return false }
        text.formIndex(after: &next)
        return true
    }

    private mutating func digit() -> Int? {
        guard !isAtEnd, text[next].isDigit else { return nil }
        defer { text.formIndex(after: &next) }
        return Int(text[next] - UInt8(ascii: "0"))
    }

    mutating func digits(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// One or more digits after the decimal point, as microseconds.
    mutating func fraction() -> Int? {
        guard let first = digit() else { return nil }
        var (value, places) = (first, 1)
        while let digit = digit() {
            if places < 6 { value = value * 10 + digit }
            places += 1
        }
        while places < 6 {
            value *= 10
            places += 1
        }
        return value
    }

    /// `Z` or `±hh:mm`, in seconds.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
