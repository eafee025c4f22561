/// A calendar day (`date`) without a time or a zone.
public struct PostgresDate: Hashable, Sendable, Comparable {
    /// Days since 2000-01-01, which is what the server stores.
    public let daysSince2000: Int32

    /// Takes the number that PostgreSQL stores: days since 1 January 2000.
    public init(daysSince2000: Int32) { self.daysSince2000 = daysSince2000 }

    /// Earlier days are less.
    public static func < (left: Self, right: Self) -> Bool { left.daysSince2000 < right.daysSince2000 }
}

extension PostgresDate {
    /// A day of the proleptic Gregorian calendar; `nil` if there is no such day or PostgreSQL cannot hold it.
    public init?(year: Int, month: Int, day: Int) {
        guard (-4713...5_874_897).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.init(daysSince2000: Int32(Self.days(year, month, day) - Self.days(2000, 1, 1)))
        guard components == (year, month, day) else { return nil }
    }

    /// Year, month and day of the proleptic Gregorian calendar.
    public var components: (year: Int, month: Int, day: Int) {
        let shifted = Int(daysSince2000) + Self.days(2000, 1, 1)
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Days since 0000-03-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    }
}

extension PostgresDate: CustomStringConvertible {
    /// ISO 8601, `2026-11-21`.
    public var description: String {
        let (year, month, day) = components
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number.magnitude)
            return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

extension PostgresDate: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// `date`.
    public static var postgresType: PostgresType { .date }
    /// `date[]`.
    public static var postgresArrayType: PostgresType { .dateArray }

    /// See ``PostgresEncodable/encode(into:)``.
    public func encode(into buffer: inout PostgresBuffer) { buffer.append(daysSince2000) }

    /// See ``PostgresDecodable/decode(_:as:)``.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> PostgresDate {
        guard type == .date else { throw .type }
        return PostgresDate(daysSince2000: try bytes.integer(Int32.self))
    }
}
