/// What the integers share: each reads every integer column, as long as the value fits.
protocol PostgresInteger: PostgresDecodable, FixedWidthInteger {}

extension PostgresInteger {
    /// Reads an integer of any size, if its value fits; throws otherwise.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> Self {
        let value: Self? =
            switch type {
            case .int8: Self(exactly: try bytes.integer(Int64.self))
            case .int4: Self(exactly: try bytes.integer(Int32.self))
            case .int2: Self(exactly: try bytes.integer(Int16.self))
            default: throw .type
            }
        guard let value else { throw .outOfRange }
        return value
    }
}
