/// Steps through the bytes of a JSON text (RFC 8259) without making values of them: the one reader of JSON, on which parser,
/// decoder and everything else that looks into JSON is built.
package struct JSONScanner {
    /// Where a string is, without its quotation marks, and whether it has escapes.
    package struct Text {
        package let range: Range<Int>
        package let isEscaped: Bool
    }

    /// As deep as Foundation's decoder goes.
    package static let deepest = 512

    package let bytes: [UInt8]
    package private(set) var offset = 0
    private var depth = 0
    private let deepest: Int
    private let refusesHalfPairs: Bool

    /// - Parameters:
    ///   - deepest: how many arrays and objects may be inside each other.
    ///   - refusesHalfPairs: whether an escape that is one half of a surrogate pair is an error. The grammar allows it, but
    ///     no text is meant by it.
    package init(_ bytes: [UInt8], deepest: Int = JSONScanner.deepest, refusingHalfPairs refusesHalfPairs: Bool = false)
    {
        self.bytes = bytes
        self.deepest = deepest
        self.refusesHalfPairs = refusesHalfPairs
    }

    /// Whether the bytes are one JSON text.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        var scanner = JSONScanner(bytes)
        do {
            try scanner.value()
            try scanner.end()
            return true
        } catch {
            return false
        }
    }

    /// The next byte that is no white space; nil at the end.
    package mutating func peek() -> UInt8? {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            case let byte: return byte
            }
        }
        return nil
    }

    package mutating func end() throws(JSONSyntaxError) {
        guard peek() == nil else { throw error("expected nothing after the value") }
    }

    /// What is wrong at an offset, which is the present one unless stated.
    package func error(_ reason: String, at place: Int? = nil) -> JSONSyntaxError {
        let before = bytes[..<(place ?? offset)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            line: 1 + before.count { $0 == 0x0A }, column: before.count - lineStart + 1, reason: reason)
    }
}

/// Where a text stops being JSON, and what is expected there.
package struct JSONSyntaxError: Error, Hashable {
    /// From 1.
    package let line: Int
    /// From 1, in bytes.
    package let column: Int
    package let reason: String
}

// MARK: - Values

extension JSONScanner {
    /// Steps over a value of any kind.
    package mutating func value() throws(JSONSyntaxError) {
        var isFirst = true
        switch peek() {
        case UInt8(ascii: "{"):
            try enter()
            while try nextName(isFirst: &isFirst) != nil { try value() }
        case UInt8(ascii: "["):
            try enter()
            while try nextElement(isFirst: &isFirst) { try value() }
        default: try scalar()
        }
    }

    /// Steps over a string, a number, true, false or null.
    package mutating func scalar() throws(JSONSyntaxError) {
        switch peek() {
        case UInt8(ascii: "\""): _ = try string()
        case let byte? where byte == UInt8(ascii: "-") || byte.isDigit: try number()
        default:
            guard skip("null") || skip("true") || skip("false") else { throw error("expected a value") }
        }
    }

    /// Steps over the opening brace or bracket, which is next; ``nextName(isFirst:)`` or ``nextElement(isFirst:)`` steps
    /// over the closing one.
    package mutating func enter() throws(JSONSyntaxError) {
        guard depth < deepest else { throw error("values are nested deeper than \(deepest) levels") }
        depth += 1
        offset += 1
    }

    /// Steps over the name of the next member and its colon; nil when the object has ended.
    package mutating func nextName(isFirst: inout Bool) throws(JSONSyntaxError) -> Text? {
        guard try hasNext(before: UInt8(ascii: "}"), &isFirst, else: "expected a comma or a closing brace") else {
            return nil
        }
        guard peek() == UInt8(ascii: "\"") else { throw error("expected a member's name in double quotes") }
        let name = try string()
        guard peek() == UInt8(ascii: ":") else { throw error("expected a colon") }
        offset += 1
        return name
    }

    /// Whether another element follows; false when the array has ended.
    package mutating func nextElement(isFirst: inout Bool) throws(JSONSyntaxError) -> Bool {
        try hasNext(before: UInt8(ascii: "]"), &isFirst, else: "expected a comma or a closing bracket")
    }

    private mutating func hasNext(
        before closing: UInt8, _ isFirst: inout Bool, else reason: @autoclosure () -> String
    ) throws(JSONSyntaxError) -> Bool {
        let next = peek()
        if next == closing {
            offset += 1
            depth -= 1
            return false
        }
        if !isFirst {
            guard next == UInt8(ascii: ",") else { throw error(reason()) }
            offset += 1
        }
        isFirst = false
        return true
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let matches = word.withUTF8Buffer { bytes[offset..<end].elementsEqual($0) }
        if matches { offset = end }
        return matches
    }

    private mutating func number() throws(JSONSyntaxError) {
        if next == UInt8(ascii: "-") { offset += 1 }
        if next == UInt8(ascii: "0") { offset += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            offset += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            offset += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
    }

    /// At least one.
    private mutating func digits() throws(JSONSyntaxError) {
        guard next?.isDigit == true else { throw error("expected a digit") }
        while next?.isDigit == true { offset += 1 }
    }

    /// The next byte, white space or not.
    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }
}

// MARK: - Strings

extension JSONScanner {
    /// Steps over a string, whose quotation mark is next.
    package mutating func string() throws(JSONSyntaxError) -> Text {
        let opening = offset
        offset += 1
        var isEscaped = false
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return Text(range: (opening + 1)..<(offset - 1), isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try escape()
            case ..<0x20:
                throw error("control characters in a string have to be escaped")
            default: offset += 1
            }
        }
        throw error("the string is not closed", at: opening)
    }

    private mutating func escape() throws(JSONSyntaxError) {
        let start = offset
        offset += 1
        if let byte = next, Self.unescaped(byte) != nil {
            offset += 1
            return
        }
        let unit = try codeUnit()
        guard refusesHalfPairs, UTF16.isSurrogate(unit) else { return }
        guard UTF16.isLeadSurrogate(unit), next == UInt8(ascii: "\\") else { throw halfPair(at: start) }
        offset += 1
        guard UTF16.isTrailSurrogate(try codeUnit()) else { throw halfPair(at: start) }
    }

    private func halfPair(at start: Int) -> JSONSyntaxError {
        error("the escape is half of a surrogate pair", at: start)
    }

    /// Steps over `uXXXX`.
    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
        guard next == UInt8(ascii: "u") else { throw error("there is no such escape") }
        offset += 1
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next?.hexadecimalDigit else { throw error("expected four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }

    /// What a byte after a backslash stands for; nil for `u` and for what is no escape.
    private static func unescaped(_ escape: UInt8) -> UInt8? {
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): escape
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The characters of a string; nil when they are not valid UTF-8, or an escape is one half of a surrogate pair.
    package func characters(of text: Text) -> String? { Self.characters(of: text, in: bytes) }

    /// The characters of a string that was found in the bytes.
    static func characters(of text: Text, in bytes: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { bytes in
            let raw = UnsafeBufferPointer(rebasing: bytes[text.range])
            guard text.isEscaped else { return String(validating: raw, as: UTF8.self) }
            return unescaped(raw).flatMap { String(validating: $0, as: UTF8.self) }
        }
    }

    private static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(raw.count)
        var index = 0
        func codeUnit() -> UInt16 {
            raw[index..<(index + 4)].reduce(0) { $0 << 4 | UInt16($1.hexadecimalDigit ?? 0) }
        }
        while index < raw.count {
            guard raw[index] == UInt8(ascii: "\\") else {
                unescaped.append(raw[index])
                index += 1
                continue
            }
            index += 2
            if let byte = Self.unescaped(raw[index - 1]) {
                unescaped.append(byte)
                continue
            }
            var units = [codeUnit()]
            index += 4
            if UTF16.isLeadSurrogate(units[0]), index + 6 <= raw.count, raw[index] == UInt8(ascii: "\\"),
                raw[index + 1] == UInt8(ascii: "u")
            {
                index += 2
                units.append(codeUnit())
                index += 4
            }
            guard let text = String(validating: units, as: UTF16.self) else { return nil }
            unescaped += text.utf8
        }
        return unescaped
    }
}

extension UInt8 {
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
