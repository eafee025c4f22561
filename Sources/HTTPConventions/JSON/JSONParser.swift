import EventSourcing

/// Reads one JSON text (RFC 8259), strictly, in bounded depth.
struct JSONParser {
    /// How many arrays and objects may stand inside of each other.
    static let deepest = 32

    private let bytes: [UInt8]
    private var offset = 0

    /// - Throws: ``JSONSyntaxError`` when the bytes are not exactly one JSON value.
    static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSON {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value(depth: 0)
        parser.skipWhitespace()
        guard parser.offset == bytes.count else { throw parser.error("expected nothing after the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSON {
        skipWhitespace()
        switch next {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case let byte? where byte == UInt8(ascii: "-") || byte.isDigit: return .number(try number())
        default:
            if skip("null") { return .null }
            if skip("true") { return .bool(true) }
            if skip("false") { return .bool(false) }
            throw error("expected a value")
        }
    }

    private mutating func members(depth: Int) throws(JSONSyntaxError) -> [JSON.Member] {
        try enter(depth: depth)
        var members: [JSON.Member] = []
        skipWhitespace()
        if skip("}") { return members }
        while true {
            skipWhitespace()
            guard next == UInt8(ascii: "\"") else { throw error("expected a member's name in double quotes") }
            let name = try string()
            skipWhitespace()
            guard skip(":") else { throw error("expected a colon") }
            members.append(JSON.Member(name: name, value: try value(depth: depth)))
            skipWhitespace()
            if skip("}") { return members }
            guard skip(",") else { throw error("expected a comma or a closing brace") }
        }
    }

    private mutating func elements(depth: Int) throws(JSONSyntaxError) -> [JSON] {
        try enter(depth: depth)
        var elements: [JSON] = []
        skipWhitespace()
        if skip("]") { return elements }
        while true {
            elements.append(try value(depth: depth))
            skipWhitespace()
            if skip("]") { return elements }
            guard skip(",") else { throw error("expected a comma or a closing bracket") }
        }
    }

    /// Skips the opening brace or bracket, unless it opens one level too many.
    private mutating func enter(depth: Int) throws(JSONSyntaxError) {
        guard depth <= Self.deepest else { throw error("values are nested deeper than \(Self.deepest) levels") }
        offset += 1
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = offset
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            try digits()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        guard next?.isDigit == true else { throw error("expected a digit") }
        while next?.isDigit == true { offset += 1 }
    }
}

// MARK: - Strings

extension JSONParser {
    private mutating func string() throws(JSONSyntaxError) -> String {
        let opening = offset
        offset += 1
        var unescaped: [UInt8] = []
        var start = offset
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                unescaped += bytes[start..<offset]
                offset += 1
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw error("the string is not valid UTF-8", at: opening)
                }
                return text
            case UInt8(ascii: "\\"):
                unescaped += bytes[start..<offset]
                offset += 1
                unescaped += Array(String(try escapedScalar()).utf8)
                start = offset
            case 0..<0x20:
                throw error("control characters in a string have to be escaped")
            default:
                offset += 1
            }
        }
        throw error("the string is not closed", at: opening)
    }

    /// What stands for what after a backslash, beside `u` and its four digits.
    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]

    private mutating func escapedScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        if let byte = next, let scalar = Self.escapes[byte] {
            offset += 1
            return scalar
        }
        let escape = offset - 1
        let unit = try escapedUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), skip("\\"), case let trail = try escapedUnit(),
            UTF16.isTrailSurrogate(trail)
        else { throw error("the escape is half of a surrogate pair", at: escape) }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    /// The code unit of `uXXXX`.
    private mutating func escapedUnit() throws(JSONSyntaxError) -> UInt16 {
        guard skip("u") else { throw error("there is no such escape") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw error("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}

// MARK: - Bytes

extension JSONParser {
    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skip(_ text: StaticString) -> Bool {
        let end = offset + text.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let matches = text.withUTF8Buffer { bytes[offset..<end].elementsEqual($0) }
        if matches { offset = end }
        return matches
    }

    private mutating func skipWhitespace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private func error(_ reason: String, at place: Int? = nil) -> JSONSyntaxError {
        let before = bytes[..<(place ?? offset)]
        let line = 1 + before.count { $0 == 0x0A }
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONSyntaxError(line: line, column: before.count - lineStart + 1, reason: reason)
    }
}
