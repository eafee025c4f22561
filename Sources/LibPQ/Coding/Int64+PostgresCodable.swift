extension Int64: PostgresEncodable, PostgresInteger, PostgresArrayElement {
    /// `bigint`.
    @inlinable public static var postgresType: PostgresType { .int8 }
    /// `bigint[]`.
    @inlinable public static var postgresArrayType: PostgresType { .int8Array }

    /// See ``PostgresEncodable/encode(into:)``.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { buffer.append(self) }
}
