extension Array: PostgresEncodable where Element: PostgresArrayElement {
    /// The array type of the elements.
    @inlinable public static var postgresType: PostgresType { Element.postgresArrayType }

    /// Writes one dimension, in PostgreSQL's binary form.
    @inlinable public func encode(into buffer: inout PostgresBuffer) { Element.encodeArray(self, into: &buffer) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    /// Reads no dimension, or one; throws for more.
    @inlinable public static func decode(
        _ bytes: RawSpan, as type: PostgresType
    ) throws(PostgresDecodingFailure) -> [Element] {
        try Element.decodeArray(bytes, as: type)
    }
}

/// `[UInt8]` is `bytea`. It also reads the UTF-8 bytes of `text`.
extension UInt8: PostgresArrayElement {
    /// `bytea`.
    @inlinable public static var postgresArrayType: PostgresType { .bytea }

    /// See ``PostgresArrayElement/encodeArray(_:into:)``.
    @inlinable public static func encodeArray(_ elements: [UInt8], into buffer: inout PostgresBuffer) {
        buffer.append(contentsOf: elements)
    }

    /// See ``PostgresArrayElement/decodeArray(_:as:)``.
    @inlinable public static func decodeArray(
        _ bytes: RawSpan, as type: PostgresType
    ) throws(PostgresDecodingFailure) -> [UInt8] {
        guard type == .bytea || type == .text else { throw .type }
        return bytes.array
    }
}

/// `[[UInt8]]` is `bytea[]`.
extension Array: PostgresArrayElement where Element == UInt8 {
    /// `bytea[]`.
    @inlinable public static var postgresArrayType: PostgresType { .byteaArray }
}
