/// Steps through the bytes of a JSON text (RFC 8259) without making values of them.
struct JSONScanner {
    /// The text is no JSON, or nests deeper than ``maximumDepth``.
    struct Malformed: Error {}

    /// As deep as Foundation's decoder goes.
    static let maximumDepth = 512

    let bytes: [UInt8]
    private(set) var place = 0
    private var depth = 0

    init(_ bytes: [UInt8], from place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    /// The next byte that is no white space; nil at the end.
    mutating func peek() -> UInt8? {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            case let byte: return byte
            }
        }
        return nil
    }

    mutating func skip(_ character: Unicode.Scalar) throws(Malformed) {
        guard peek() == UInt8(ascii: character) else { throw Malformed() }
        place += 1
    }

    /// Steps into an object or an array; ``hasNext(before:isFirst:)`` steps out of it.
    mutating func enter(_ bracket: Unicode.Scalar) throws(Malformed) {
        try skip(bracket)
        depth += 1
        guard depth <= Self.maximumDepth else { throw Malformed() }
    }

    /// Whether another member or element follows; if not, steps behind the closing bracket.
    mutating func hasNext(before bracket: Unicode.Scalar, isFirst: inout Bool) throws(Malformed) -> Bool {
        if peek() == UInt8(ascii: bracket) {
            place += 1
            depth -= 1
            return false
        }
        if !isFirst { try skip(",") }
        isFirst = false
        return true
    }

    /// Steps over a string; the answer is where its characters stand, without the quotation marks.
    mutating func string() throws(Malformed) -> Range<Int> {
        try skip("\"")
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return start..<(place - 1)
            case UInt8(ascii: "\\"): try escape()
            case ..<0x20: throw Malformed()
            default: place += 1
            }
        }
        throw Malformed()
    }

    private mutating func escape() throws(Malformed) {
        guard place + 1 < bytes.count else { throw Malformed() }
        switch bytes[place + 1] {
        case UInt8(ascii: "u"):
            guard place + 6 <= bytes.count, bytes[(place + 2)..<(place + 6)].allSatisfy(\.isHexDigit) else {
                throw Malformed()
            }
            place += 6
        case let character where #""\/bfnrt"#.utf8.contains(character): place += 2
        default: throw Malformed()
        }
    }

    /// Whether the bytes are one JSON text.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        var scanner = JSONScanner(bytes)
        return (try? scanner.value()) != nil && scanner.peek() == nil
    }

    /// Steps over a value of any kind.
    mutating func value() throws(Malformed) {
        var isFirst = true
        switch peek() {
        case UInt8(ascii: "{")?:
            try enter("{")
            while try hasNext(before: "}", isFirst: &isFirst) {
                _ = try string()
                try skip(":")
                try value()
            }
        case UInt8(ascii: "[")?:
            try enter("[")
            while try hasNext(before: "]", isFirst: &isFirst) { try value() }
        default: try scalar()
        }
    }

    /// Steps over a string, a number, true, false or null.
    mutating func scalar() throws(Malformed) {
        switch peek() {
        case UInt8(ascii: "\"")?: _ = try string()
        case UInt8(ascii: "t")?: try word("true")
        case UInt8(ascii: "f")?: try word("false")
        case UInt8(ascii: "n")?: try word("null")
        default: try number()
        }
    }

    private mutating func word(_ word: StaticString) throws(Malformed) {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw Malformed() }
        let isSame = bytes[place..<end].elementsEqual(
            UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        guard isSame else { throw Malformed() }
        place = end
    }

    private mutating func number() throws(Malformed) {
        if place < bytes.count, bytes[place] == UInt8(ascii: "-") { place += 1 }
        let whole = place
        try digits()
        guard bytes[whole] != UInt8(ascii: "0") || place == whole + 1 else { throw Malformed() }
        if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if place < bytes.count, bytes[place] | 0x20 == UInt8(ascii: "e") {
            place += 1
            if place < bytes.count, bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") {
                place += 1
            }
            try digits()
        }
    }

    /// At least one.
    private mutating func digits() throws(Malformed) {
        let start = place
        while place < bytes.count, bytes[place].isDigit { place += 1 }
        guard place > start else { throw Malformed() }
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}
