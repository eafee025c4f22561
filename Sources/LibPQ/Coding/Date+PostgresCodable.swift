public import FoundationEssentials

/// `timestamptz`: an instant in microseconds. Finer parts are rounded; `infinity` reads as the distant future or past.
extension Date: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// `timestamp with time zone`.
    public static var postgresType: PostgresType { .timestamptz }
    /// `timestamp with time zone[]`.
    public static var postgresArrayType: PostgresType { .timestamptzArray }

    /// PostgreSQL counts from 2000-01-01, `Date` from 2001-01-01; 2000 was a leap year.
    private static let secondsBetweenEpochs: TimeInterval = 366 * 86_400

    /// What lies beyond what PostgreSQL can hold is written as `infinity`, which is also how the distant ones read.
    public func encode(into buffer: inout PostgresBuffer) {
        if self == .distantFuture { return buffer.append(Int64.max) }
        if self == .distantPast { return buffer.append(Int64.min) }
        let microseconds = ((timeIntervalSinceReferenceDate + Self.secondsBetweenEpochs) * 1_000_000).rounded()
        buffer.append(Int64(exactly: microseconds) ?? (microseconds > 0 ? .max : .min))
    }

    /// See ``PostgresDecodable/decode(_:as:)``.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> Date {
        guard type == .timestamptz else { throw .type }
        let microseconds = try bytes.integer(Int64.self)
        switch microseconds {
        case .max: return .distantFuture
        case .min: return .distantPast
        default:
            // Whole seconds and the rest apart: one division of the sum would lose the last digit.
            let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
            return Date(
                timeIntervalSinceReferenceDate: Double(seconds) - secondsBetweenEpochs + Double(rest) / 1_000_000)
        }
    }
}
