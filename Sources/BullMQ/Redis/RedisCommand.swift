import NIOCore

/// A command with its arguments, as it is sent: an array of bulk strings.
public struct RedisCommand: Sendable {
    private(set) var arguments: [RedisArgument]

    /// Makes a command of its name and its arguments.
    public init(_ arguments: RedisArgument...) { self.arguments = arguments }
    /// Makes a command of its name and its arguments.
    public init(_ arguments: [RedisArgument]) { self.arguments = arguments }

    func write(into buffer: inout ByteBuffer) {
        buffer.reserveCapacity(
            minimumWritableBytes: arguments.reduce(32) { $0 + $1.byteCount + 32 })
        buffer.writeHead(UInt8(ascii: "*"), arguments.count)
        for argument in arguments {
            buffer.writeHead(UInt8(ascii: "$"), argument.byteCount)
            switch argument.value {
            case .text(let text): buffer.writeString(text)
            case .bytes(let bytes): buffer.writeBytes(bytes)
            }
            buffer.writeLineEnd()
        }
    }
}

/// One argument of a command; literals of text and numbers can be written directly.
public struct RedisArgument: Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    enum Value: Sendable {
        case text(String)
        case bytes([UInt8])
    }

    let value: Value

    var byteCount: Int {
        switch value {
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }

    var text: String {
        switch value {
        case .text(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    /// A text, in UTF-8.
    public init(_ text: String) { value = .text(text) }
    /// Bytes as they are.
    public init(_ bytes: [UInt8]) { value = .bytes(bytes) }
    /// A number in decimal.
    public init(_ number: some BinaryInteger) { value = .text(String(number)) }
    /// A text, in UTF-8.
    public init(stringLiteral text: String) { value = .text(text) }
    /// A number in decimal.
    public init(integerLiteral number: Int64) { value = .text(String(number)) }
}

extension ByteBuffer {
    fileprivate mutating func writeHead(_ kind: UInt8, _ count: Int) {
        writeInteger(kind)
        writeString(String(count))
        writeLineEnd()
    }

    fileprivate mutating func writeLineEnd() { writeInteger(0x0D0A as UInt16) }
}
