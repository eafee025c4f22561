/// The parameters of one request in a single allocation: of each its type, its length (-1 for NULL) and its bytes.
@usableFromInline struct EncodedParameters: Sendable {
    @usableFromInline var buffer = PostgresBuffer()
    @usableFromInline var count = 0
    /// Tells lists of parameter types apart: the FNV-1a hash of their object identifiers.
    @usableFromInline var signature: UInt64 = 0xcbf2_9ce4_8422_2325

    var bytes: [UInt8] { buffer.bytes }

    /// No parameters yet, and room for some.
    /// - Parameter capacity: The bytes to reserve. Most parameters are keys: one allocation instead of one for each
    ///   doubling.
    @inlinable init(capacity: Int = 0) {
        if capacity > 0 { buffer.reserve(capacity) }
    }

    @inlinable mutating func append<Value: PostgresEncodable>(_ value: Value) {
        let type = Value.postgresType.rawValue
        buffer.append(type)
        buffer.append(lengthPrefixed: value)
        signature = (signature ^ UInt64(type)) &* 0x0000_0100_0000_01b3
        count += 1
    }
}

/// What a connection keeps one prepared statement for. The same text with other parameter types is another one.
struct StatementKey: Hashable, Sendable {
    let statement: PostgresStatement
    let signature: UInt64
}
