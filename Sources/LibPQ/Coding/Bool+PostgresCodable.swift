extension Bool: PostgresEncodable, PostgresDecodable, PostgresArrayElement {
    @inlinable public static var postgresType: PostgresType { .bool }
    @inlinable public static var postgresArrayType: PostgresType { .boolArray }

    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self ? 1 as UInt8 : 0) }

    public static func decode(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> Bool {
        guard type == .bool else { throw .type }
        return try bytes.integer(UInt8.self) != 0
    }
}
