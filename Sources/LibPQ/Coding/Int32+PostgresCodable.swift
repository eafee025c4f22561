extension Int32: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    @inlinable public static var postgresType: PostgresType { .int4 }
    @inlinable public static var postgresArrayType: PostgresType { .int4Array }

    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
