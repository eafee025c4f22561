/// Writes the binary format of `COPY` (PostgreSQL manual, "COPY", "Binary Format"): a header, rows, a trailer.
public struct PostgresBinaryCopyEncoder: Sendable {
    private var buffer = PostgresBuffer()

    static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00]

    /// Begins with the header: the signature, no flags, no extension.
    public init() {
        buffer.append(contentsOf: Self.signature)
        buffer.append(0 as Int32)
        buffer.append(0 as Int32)
    }

    /// The number of bytes that have not been taken.
    public var count: Int { buffer.bytes.count }

    /// Appends a row: the number of its columns, and each behind its length.
    public mutating func append<each Value: PostgresEncodable>(_ value: repeat each Value) {
        var columns: Int16 = 0
        for _ in repeat each value { columns += 1 }
        buffer.append(columns)
        repeat buffer.append(lengthPrefixed: each value)
    }

    /// Appends the trailer.
    public mutating func finish() { buffer.append(-1 as Int16) }

    /// Hands over what has been written since the last time.
    public mutating func take() -> [UInt8] {
        defer { buffer = PostgresBuffer() }
        return buffer.bytes
    }
}
