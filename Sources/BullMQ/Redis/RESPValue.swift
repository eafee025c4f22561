public import NIOCore

/// A reply of Redis, in version 2 of its protocol (redis.io/docs/latest/develop/reference/protocol-spec).
public enum RESPValue: Hashable, Sendable {
    /// A simple or a bulk string.
    case string(ByteBuffer)
    case integer(Int64)
    /// The text after the `-`.
    case error(String)
    case array([RESPValue])
    /// A missing bulk string or a missing array.
    case null
}

extension RESPValue {
    /// A bulk string of a text in UTF-8.
    public init(_ text: some StringProtocol) { self = .string(ByteBuffer(substring: Substring(text))) }

    /// The text of a string or of an integer; nil for anything else.
    public var text: String? {
        switch self {
        case .string(let buffer): String(buffer: buffer)
        case .integer(let number): String(number)
        case .error, .array, .null: nil
        }
    }

    /// An integer, also one that was sent as a string; nil for anything else.
    public var integer: Int64? {
        if case .integer(let number) = self { return number }
        return text.flatMap { Int64($0) }
    }

    /// The members of an array; nil for anything else.
    public var array: [RESPValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The bytes of a string; nil for anything else.
    public var bytes: [UInt8]? {
        if case .string(let buffer) = self { Array(buffer.readableBytesView) } else { nil }
    }

    /// The keys and values of a hash as `HGETALL` returns it; nil for anything else.
    public var hash: [String: RESPValue]? {
        guard let array, array.count.isMultiple(of: 2) else { return nil }
        var hash: [String: RESPValue] = [:]
        hash.reserveCapacity(array.count / 2)
        for index in stride(from: 0, to: array.count, by: 2) {
            guard let key = array[index].text else { return nil }
            hash[key] = array[index + 1]
        }
        return hash
    }
}
