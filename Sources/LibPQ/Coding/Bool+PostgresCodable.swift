extension Bool: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    /// `boolean`.
    @inlinable public static var postgresType: PostgresType { .bool }
    /// `boolean[]`.
    @inlinable public static var postgresArrayType: PostgresType { .boolArray }

    /// See ``PostgresEncodable/encode(into:)``.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self ? 1 as UInt8 : 0) }

    /// See ``PostgresDecodable/decode(_:as:)``.
    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> Bool {
        guard type == .bool else { throw .type }
        return try bytes.integer(UInt8.self) != 0
    }
}
