/// Collects the binary form of parameters; integers go in network byte order.
public struct PostgresBuffer: Sendable {
    @usableFromInline var bytes: [UInt8] = []

    @inlinable init() {}

    /// Appends a byte.
    @inlinable public mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Appends bytes as they are.
    @inlinable public mutating func append(contentsOf other: [UInt8]) { bytes.append(contentsOf: other) }

    /// Appends a text in UTF-8, without its length.
    @inlinable public mutating func append(utf8 string: String) {
        var string = string
        string.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Appends an integer in network byte order.
    @inlinable public mutating func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(raw buffer: UnsafeRawBufferPointer) { bytes.append(contentsOf: buffer) }

    @inlinable mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    /// Appends `value` behind its length, or -1 for NULL: the form of an element of an array or of a row.
    @inlinable mutating func append<Value: PostgresEncodable>(lengthPrefixed value: Value) {
        guard !value.isPostgresNull else { return append(Int32(-1)) }
        let start = bytes.count
        append(Int32(0))
        value.encode(into: &self)
        overwrite(at: start, with: Int32(truncatingIfNeeded: bytes.count - start - 4))
    }

    @inlinable mutating func overwrite(at offset: Int, with integer: Int32) {
        withUnsafeBytes(of: integer.bigEndian) { source in
            for index in 0..<4 { bytes[offset + index] = source[index] }
        }
    }
}
