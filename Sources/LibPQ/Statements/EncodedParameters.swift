/// The parameters of one request in a single allocation: of each its type, its length (-1 for NULL) and its bytes.
struct EncodedParameters: Sendable {
    let bytes: [UInt8]
    let count: Int
    /// Tells lists of parameter types apart: the FNV-1a hash of their object identifiers.
    let signature: UInt64

    static let none = EncodedParameters()

    init<each Parameter: PostgresEncodable>(_ parameter: repeat each Parameter) {
        var buffer = PostgresBuffer()
        // Most parameters are keys: one allocation instead of one for each doubling.
        buffer.reserve(64)
        var count = 0
        var signature: UInt64 = 0xcbf2_9ce4_8422_2325
        func append<Value: PostgresEncodable>(_ value: Value) {
            let type = Value.postgresType.rawValue
            buffer.append(type)
            buffer.append(lengthPrefixed: value)
            signature = (signature ^ UInt64(type)) &* 0x0000_0100_0000_01b3
            count += 1
        }
        repeat append(each parameter)
        self.bytes = buffer.bytes
        self.count = count
        self.signature = signature
    }
}

/// What a connection keeps one prepared statement for. The same text with other parameter types is another one.
struct StatementKey: Hashable, Sendable {
    let statement: PostgresStatement
    let signature: UInt64
}
