extension Double: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// `double precision`.
    @inlinable public static var postgresType: PostgresType { .float8 }
    /// `double precision[]`.
    @inlinable public static var postgresArrayType: PostgresType { .float8Array }

    /// See ``PostgresEncodable/encode(into:)``.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(bitPattern) }

    /// See ``PostgresDecodable/decode(_:as:)``.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> Double {
        switch type {
        case .float8: Double(bitPattern: try bytes.integer(UInt64.self))
        case .float4: Double(Float(bitPattern: try bytes.integer(UInt32.self)))
        default: throw .type
        }
    }
}
