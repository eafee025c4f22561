extension Int16: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    /// `smallint`.
    @inlinable public static var postgresType: PostgresType { .int2 }
    /// `smallint[]`.
    @inlinable public static var postgresArrayType: PostgresType { .int2Array }

    /// See ``PostgresEncodable/encode(into:)``.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
