extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// The type of the value.
    @inlinable public static var postgresType: PostgresType { Wrapped.postgresType }

    /// Whether it is nil.
    @inlinable public var isPostgresNull: Bool { self?.isPostgresNull ?? true }

    /// Writes the value; nothing for nil, which is sent as null.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { self?.encode(into: &buffer) }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Reads the value.
    @inlinable public static func decode(
        _ bytes: RawSpan, as type: PostgresType
    ) throws(PostgresDecodingFailure) -> Wrapped? {
        try Wrapped.decode(bytes, as: type)
    }

    /// Nil for null.
    @inlinable public static func decodeNull() throws(PostgresDecodingFailure) -> Wrapped? { nil }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement & PostgresCodable {
    /// The array type of the value.
    @inlinable public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}
