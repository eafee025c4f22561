extension RawSpan {
    /// Reads one integer in network byte order that must fill the span.
    @inlinable func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type
    ) throws(PostgresDecodingFailure) -> Integer {
        guard byteCount == MemoryLayout<Integer>.size else { throw .malformed }
        return Integer(bigEndian: unsafeLoadUnaligned(as: Integer.self))
    }

    /// Reads one integer in network byte order at `offset`, and moves `offset` behind it.
    @inlinable func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type, at offset: inout Int
    ) throws(PostgresDecodingFailure) -> Integer {
        let size = MemoryLayout<Integer>.size
        guard offset >= 0, byteCount - offset >= size else { throw .malformed }
        defer { offset += size }
        return Integer(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// The bytes as an array.
    @inlinable var array: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
