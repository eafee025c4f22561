extension Int64: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    @inlinable public static var postgresType: PostgresType { .int8 }
    @inlinable public static var postgresArrayType: PostgresType { .int8Array }

    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
