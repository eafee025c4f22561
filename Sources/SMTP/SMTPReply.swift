/// What a relay replies to a command (RFC 5321, section 4.2).
public struct SMTPReply: Hashable, Sendable, CustomStringConvertible {
    /// Three digits.
    public let code: Int
    /// Without the code, one for each line.
    public let lines: [String]

    /// A reply that was read.
    public init(code: Int, lines: [String]) {
        self.code = code
        self.lines = lines
    }

    var isPositive: Bool { (200...299).contains(code) }

    /// The relay refuses for good.
    public var isPermanent: Bool { (500...599).contains(code) }

    /// On one line, and cut off where it is long.
    public var description: String {
        let text = lines.joined(separator: " ").unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
        return "\(code) " + String(String.UnicodeScalarView(text.prefix(300)))
    }
}

/// Makes replies of the bytes that a relay sends.
struct SMTPReplyParser {
    /// The longest reply that is read, in bytes.
    static let limit = 64 * 1024

    private var buffer: [UInt8] = []
    /// How much of the buffer was searched for the end of a line.
    private var searched = 0
    private var lines: [String] = []
    private var size = 0

    /// Whether something was received that is not a whole reply.
    var hasLeftover: Bool { !buffer.isEmpty || !lines.isEmpty }

    mutating func append(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

    /// The next reply; nil when it is not complete.
    ///
    /// - Throws: ``SMTPError/protocolViolation(_:)``.
    mutating func next() throws(SMTPError) -> SMTPReply? {
        while let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            var line = buffer[..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            size += line.count
            let (code, isLast, text) = try Self.split(line)
            buffer.removeSubrange(...end)
            searched = 0
            lines.append(text)
            if isLast {
                defer { (lines, size) = ([], 0) }
                return SMTPReply(code: code, lines: lines)
            }
            guard size <= Self.limit else { throw .protocolViolation("a reply does not end") }
        }
        searched = buffer.count
        guard buffer.count + size <= Self.limit else { throw .protocolViolation("a reply does not end") }
        return nil
    }

    private static func split(_ line: ArraySlice<UInt8>) throws(SMTPError) -> (code: Int, isLast: Bool, text: String) {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let code = Int(String(decoding: digits, as: UTF8.self)), (200...599).contains(code)
        else { throw .protocolViolation("a reply does not begin with a code; is this a mail relay?") }
        let rest = line.dropFirst(3)
        switch rest.first {
        case nil: return (code, true, "")
        case UInt8(ascii: " "): return (code, true, String(decoding: rest.dropFirst(), as: UTF8.self))
        case UInt8(ascii: "-"): return (code, false, String(decoding: rest.dropFirst(), as: UTF8.self))
        default: throw .protocolViolation("a reply's code is followed by neither a space nor a hyphen")
        }
    }
}
