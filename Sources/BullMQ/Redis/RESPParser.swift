import NIOCore

/// Reads replies of Redis from bytes that arrive in pieces. It does no I/O.
///
/// An array that has arrived in part stays on a stack, so that each byte is read once, however the pieces are cut.
struct RESPParser: Sendable {
    /// What a server may send at most.
    struct Limits: Sendable {
        /// Bytes of a bulk string; Redis itself allows 512 MiB.
        var bulkBytes = 64 * 1024 * 1024
        /// Bytes of a line: a simple string, an error or a number.
        var lineBytes = 64 * 1024
        /// Members of an array.
        var members = 1_000_000
        /// Arrays in arrays.
        var depth = 16
    }

    private struct PartialArray: Sendable {
        var missing: Int
        var members: [RESPValue] = []
    }

    private let limits: Limits
    private var buffer = ByteBuffer()
    private var arrays: [PartialArray] = []
    /// The length of the bulk string whose bytes are awaited.
    private var awaitedBulk: Int?
    /// How many bytes of the buffer are known to have no line end.
    private var searched = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            var bytes = bytes
            buffer.writeBuffer(&bytes)
        }
    }

    /// The next whole reply; nil until more bytes have come.
    ///
    /// - Throws: ``RESPViolation``; the connection is of no use after that.
    mutating func next() throws(RESPViolation) -> RESPValue? {
        while let value = try nextValue() {
            guard let whole = close(value) else { continue }
            return whole
        }
        if buffer.readableBytes == 0 { buffer = ByteBuffer() } else { buffer.discardReadBytes() }
        return nil
    }

    /// Puts a value into the innermost open array; returns it, or the array that it completes, when no array is open.
    private mutating func close(_ value: RESPValue) -> RESPValue? {
        var value = value
        while var array = arrays.popLast() {
            array.members.append(value)
            array.missing -= 1
            if array.missing > 0 {
                arrays.append(array)
                return nil
            }
            value = .array(array.members)
        }
        return value
    }

    /// The next value that is not an array with members; nil until more bytes have come.
    private mutating func nextValue() throws(RESPViolation) -> RESPValue? {
        if let awaitedBulk { return try readBulk(awaitedBulk) }
        while let kind = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) {
            guard let line = try readLine() else { return nil }
            switch kind {
            case UInt8(ascii: "+"): return .string(line)
            case UInt8(ascii: "-"): return .error(String(buffer: line))
            case UInt8(ascii: ":"): return .integer(try number(line))
            case UInt8(ascii: "$"):
                guard let length = try count(line, atMost: limits.bulkBytes) else { return .null }
                awaitedBulk = length
                return try readBulk(length)
            case UInt8(ascii: "*"):
                guard let members = try count(line, atMost: limits.members) else { return .null }
                if members == 0 { return .array([]) }
                guard arrays.count < limits.depth else { throw RESPViolation("arrays are nested too deeply") }
                arrays.append(PartialArray(missing: members))
            default: throw RESPViolation("a reply begins with the byte \(kind)")
            }
        }
        return nil
    }

    private mutating func readBulk(_ length: Int) throws(RESPViolation) -> RESPValue? {
        guard buffer.readableBytes >= length + 2 else { return nil }
        awaitedBulk = nil
        guard let bytes = buffer.readSlice(length: length), buffer.readInteger(as: UInt16.self) == 0x0D0A else {
            throw RESPViolation("a bulk string does not end where it should")
        }
        return .string(bytes)
    }

    /// The line without its kind and its end; nil until it is whole.
    private mutating func readLine() throws(RESPViolation) -> ByteBuffer? {
        let view = buffer.readableBytesView
        guard let end = view.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) else {
            searched = view.count
            guard searched <= limits.lineBytes else { throw RESPViolation("a line is too long") }
            return nil
        }
        searched = 0
        let length = end - view.startIndex
        guard length >= 2, length <= limits.lineBytes, view[end - 1] == UInt8(ascii: "\r"),
            let line = buffer.getSlice(at: buffer.readerIndex + 1, length: length - 2)
        else { throw RESPViolation("a line is empty, too long or does not end in CR LF") }
        buffer.moveReaderIndex(forwardBy: length + 1)
        return line
    }

    private func number(_ line: ByteBuffer) throws(RESPViolation) -> Int64 {
        guard let number = Int64(String(buffer: line)) else { throw RESPViolation("a number cannot be read") }
        return number
    }

    /// A length; nil for -1, which means a missing value.
    private func count(_ line: ByteBuffer, atMost limit: Int) throws(RESPViolation) -> Int? {
        let number = try number(line)
        if number == -1 { return nil }
        guard number >= 0, number <= limit else { throw RESPViolation("a length of \(number) is not allowed") }
        return Int(number)
    }
}

/// Bytes that are no RESP2, or more than the limits allow.
struct RESPViolation: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
