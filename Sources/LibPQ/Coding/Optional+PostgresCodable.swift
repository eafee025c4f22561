extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    @inlinable public static var postgresType: PostgresType { Wrapped.postgresType }

    @inlinable public var isPostgresNull: Bool { self?.isPostgresNull ?? true }

    @inlinable public func encode(into buffer: inout PostgresBuffer) { self?.encode(into: &buffer) }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    @inlinable public static func decode(
        _ bytes: RawSpan, as type: PostgresType
    ) throws(PostgresDecodingFailure) -> Wrapped? {
        try Wrapped.decode(bytes, as: type)
    }

    @inlinable public static func decodeNull() throws(PostgresDecodingFailure) -> Wrapped? { nil }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement & PostgresCodable {
    @inlinable public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}
