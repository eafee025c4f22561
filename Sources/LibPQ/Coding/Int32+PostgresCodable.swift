extension Int32: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    /// `integer`.
    @inlinable public static var postgresType: PostgresType { .int4 }
    /// `integer[]`.
    @inlinable public static var postgresArrayType: PostgresType { .int4Array }

    /// See ``PostgresEncodable/encode(into:)``.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
