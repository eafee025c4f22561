import FoundationEssentials

/// A JSON text from which values are decoded in a fraction of the time that `JSONDecoder` takes, which spends most of it on
/// what the payloads of events do not have.
///
/// It decodes what it is sure of. Everything else is a doubt, for `JSONDecoder` to decide: what is malformed, missing or of
/// another type, and what is seldom. So there is one decoder that says what a text means, and what is wrong with it.
final class JSONText {
    /// This decoder is not sure; whatever comes of the decoding is not to be used.
    struct Doubt: Error {}

    let bytes: [UInt8]
    /// Set for good by a doubt, also when who decodes has caught it to try something else.
    private var isDoubtful = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value that the text is; nil when `JSONDecoder` is to be asked.
    func decoded<Value: Decodable>(as type: Value.Type) -> Value? {
        var scanner = JSONScanner(bytes)
        guard isUTF8, let place = try? scanner.placeOfValue(), scanner.peek() == nil,
            let value = try? decode(type, at: place), !isDoubtful
        else { return nil }
        return value
    }

    private var isUTF8: Bool {
        let bytes = bytes
        let span = bytes.span
        do {
            _ = try UTF8Span(validating: span)
            return true
        } catch {
            return false
        }
    }

    func doubt() -> Doubt {
        isDoubtful = true
        return Doubt()
    }
}

// MARK: - Values

extension JSONText {
    /// - Parameter place: where the value stands, without white space around it.
    func decode<Value: Decodable>(_ type: Value.Type, at place: Range<Int>) throws -> Value {
        if type == Date.self { return unsafeBitCast(try date(at: place), to: Value.self) }
        // JSONDecoder has ways of its own with these.
        if type == Data.self || type == URL.self || type == Decimal.self { throw doubt() }
        return try Value(from: JSONTextDecoder(text: self, place: place))
    }

    func isNull(at place: Range<Int>) -> Bool { bytes[place.lowerBound] == UInt8(ascii: "n") }

    func bool(at place: Range<Int>) throws -> Bool {
        switch bytes[place.lowerBound] {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: throw doubt()
        }
    }

    /// Of the usual way to write it, and of as many digits as fit without a look.
    func integer<Integer: FixedWidthInteger>(at place: Range<Int>) throws -> Integer {
        let isNegative = bytes[place.lowerBound] == UInt8(ascii: "-")
        let digits = bytes[place].dropFirst(isNegative ? 1 : 0)
        guard (1...18).contains(digits.count) else { throw doubt() }
        var number: Int64 = 0
        for digit in digits {
            guard digit.isDigit else { throw doubt() }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        // A zero may have a sign, which not every type of number has.
        guard number > 0 || !isNegative, let integer = Integer(exactly: isNegative ? -number : number) else {
            throw doubt()
        }
        return integer
    }

    func double(at place: Range<Int>) throws -> Double {
        guard let first = bytes[place].first, first.isDigit || first == UInt8(ascii: "-"),
            let number = Double(String(decoding: bytes[place], as: UTF8.self)), number.isFinite
        else { throw doubt() }
        return number
    }

    func date(at place: Range<Int>) throws -> Date {
        guard let date = RFC3339.date(from: try string(at: place)) else { throw doubt() }
        return date
    }

    func string(at place: Range<Int>) throws -> String {
        guard bytes[place.lowerBound] == UInt8(ascii: "\"") else { throw doubt() }
        let characters = bytes[place].dropFirst().dropLast()
        let text = characters.withUnsafeBufferPointer { characters in
            characters.contains(UInt8(ascii: "\\"))
                ? Self.unescaped(characters).map { String(decoding: $0, as: UTF8.self) }
                : String(decoding: characters, as: UTF8.self)
        }
        guard let text else { throw doubt() }
        return text
    }

    /// The characters with their escapes resolved; nil for one that is one of two.
    private static func unescaped(_ characters: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(characters.count)
        var place = 0
        while place < characters.count {
            let character = characters[place]
            place += 1
            guard character == UInt8(ascii: "\\") else {
                unescaped.append(character)
                continue
            }
            let escape = characters[place]
            place += 1
            switch escape {
            case UInt8(ascii: "b"): unescaped.append(0x08)
            case UInt8(ascii: "f"): unescaped.append(0x0C)
            case UInt8(ascii: "n"): unescaped.append(0x0A)
            case UInt8(ascii: "r"): unescaped.append(0x0D)
            case UInt8(ascii: "t"): unescaped.append(0x09)
            case UInt8(ascii: "u"):
                let digits = String(decoding: characters[place..<(place + 4)], as: UTF8.self)
                place += 4
                guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else { return nil }
                unescaped += String(Character(scalar)).utf8
            default: unescaped.append(escape)
            }
        }
        return unescaped
    }
}

extension JSONScanner {
    /// Steps over a value of any kind; the answer is where it stands, without white space around it.
    mutating func placeOfValue() throws(Malformed) -> Range<Int> {
        _ = peek()
        let start = place
        try value()
        return start..<place
    }
}
