extension Int16: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    @inlinable public static var postgresType: PostgresType { .int2 }
    @inlinable public static var postgresArrayType: PostgresType { .int2Array }

    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
