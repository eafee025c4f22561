/// A type whose arrays can be parameters and columns.
///
/// The requirements other than ``postgresArrayType`` exist for `UInt8`, whose array is `bytea`.
public protocol PostgresArrayElement: Sendable {
    static var postgresArrayType: PostgresType { get }
    static func encodeArray(_ elements: [Self], into buffer: inout PostgresBuffer)
    static func decodeArray(_ bytes: RawSpan, as type: PostgresType) throws(PostgresDecodingFailure) -> [Self]
}

/// The binary form of an array: dimensions, whether there are NULLs, element type, then per dimension its count and
/// lower bound, then the elements, each behind its length (`array_send` in PostgreSQL's sources).
extension PostgresArrayElement where Self: PostgresCodable {
    /// Writes an array whose elements are not null.
    @inlinable public static func encodeArray(_ elements: [Self], into buffer: inout PostgresBuffer) {
        buffer.append(elements.isEmpty ? 0 : 1 as Int32)
        // Not specialized for most types: there an array's iterator allocates memory for each element, and a pointer does not.
        elements.withUnsafeBufferPointer { elements in
            buffer.append(elements.indices.contains { elements[$0].isPostgresNull } ? 1 : 0 as Int32)
            buffer.append(postgresType.rawValue)
            guard !elements.isEmpty else { return }
            buffer.append(Int32(elements.count))
            buffer.append(1 as Int32)
            for index in elements.indices { buffer.append(lengthPrefixed: elements[index]) }
        }
    }

    /// Reads an array; throws for a null among its elements.
    @inlinable public static func decodeArray(
        _ bytes: RawSpan, as type: PostgresType
    ) throws(PostgresDecodingFailure) -> [Self] {
        var offset = 0
        let dimensions = try bytes.integer(Int32.self, at: &offset)
        _ = try bytes.integer(Int32.self, at: &offset)
        let elementType = PostgresType(rawValue: try bytes.integer(UInt32.self, at: &offset))
        if dimensions == 0 { return [] }
        guard dimensions == 1 else { throw .type }
        let count = Int(try bytes.integer(Int32.self, at: &offset))
        _ = try bytes.integer(Int32.self, at: &offset)
        // An element takes four bytes at least, so that a wrong count cannot reserve more than was received.
        guard count >= 0, count <= (bytes.byteCount - offset) / 4 else { throw .malformed }

        var elements: [Self] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            let length = Int(try bytes.integer(Int32.self, at: &offset))
            guard length >= 0 else {
                elements.append(try decodeNull())
                continue
            }
            guard length <= bytes.byteCount - offset else { throw .malformed }
            elements.append(try decode(bytes.extracting(offset..<offset + length), as: elementType))
            offset += length
        }
        return elements
    }
}
