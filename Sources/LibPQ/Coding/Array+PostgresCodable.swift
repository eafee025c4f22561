extension Array: PostgresEncodable where Element: PostgresArrayElement {
    @inlinable public static var postgresType: PostgresType { Element.postgresArrayType }

    @inlinable public func encode(into buffer: inout PostgresBuffer) { Element.encodeArray(self, into: &buffer) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    @inlinable public static func decode(
        _ bytes: RawSpan, as type: PostgresType
    ) throws(PostgresDecodingFailure) -> [Element] {
        try Element.decodeArray(bytes, as: type)
    }
}

/// `[UInt8]` is `bytea`. It also reads the UTF-8 bytes of `text`.
extension UInt8: PostgresArrayElement {
    @inlinable public static var postgresArrayType: PostgresType { .bytea }

    @inlinable public static func encodeArray(_ elements: [UInt8], into buffer: inout PostgresBuffer) {
        buffer.append(contentsOf: elements)
    }

    @inlinable public static func decodeArray(
        _ bytes: RawSpan, as type: PostgresType
    ) throws(PostgresDecodingFailure) -> [UInt8] {
        guard type == .bytea || type == .text else { throw .type }
        return bytes.array
    }
}

/// `[[UInt8]]` is `bytea[]`.
extension Array: PostgresArrayElement where Element == UInt8 {
    @inlinable public static var postgresArrayType: PostgresType { .byteaArray }
}
