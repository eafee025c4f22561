public import FoundationEssentials

/// UUIDs as text, as ids are written outside of Swift. Foundation's own conversions go by way of C's scanf and printf, which
/// cost more than all else that is done with an id.
extension UUID {
    /// 36 characters, in lower case.
    public var text: String { String(unsafeUninitializedCapacity: Self.textLength) { write(to: $0) } }

    package static let textLength = 36

    /// Writes the text.
    ///
    /// - Parameter buffer: has room for ``textLength`` bytes.
    /// - Returns: how many it has taken: all of them.
    package func write(to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let digits = Self.digits.utf8Start
        withUnsafeBytes(of: uuid) { bytes in
            var place = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[place] = UInt8(ascii: "-")
                    place += 1
                }
                buffer[place] = digits[Int(bytes[index] >> 4)]
                buffer[place + 1] = digits[Int(bytes[index] & 0xF)]
                place += 2
            }
        }
        return Self.textLength
    }

    /// Reads 36 characters, in either case; nil for anything else.
    public init?(text: String) {
        var text = text
        let id = text.withUTF8 { characters -> (UInt64, UInt64)? in
            guard characters.count == 36 else { return nil }
            var (high, low) = (UInt64(0), UInt64(0))
            for (place, character) in characters.enumerated() {
                if place == 8 || place == 13 || place == 18 || place == 23 {
                    guard character == UInt8(ascii: "-") else { return nil }
                    continue
                }
                guard let value = Self.value(of: character) else { return nil }
                if place < 18 { high = high << 4 | value } else { low = low << 4 | value }
            }
            return (high, low)
        }
        guard let id else { return nil }
        self = withUnsafeBytes(of: (id.0.bigEndian, id.1.bigEndian)) {
            UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
        }
    }

    /// Some of its 16 bytes, as two lower-case digits each.
    package func hexadecimal(_ range: Range<Int>) -> String {
        withUnsafeBytes(of: uuid) { bytes in
            String(unsafeUninitializedCapacity: 2 * range.count) { buffer in
                for (place, byte) in bytes[range].enumerated() {
                    buffer[2 * place] = Self.digits.utf8Start[Int(byte >> 4)]
                    buffer[2 * place + 1] = Self.digits.utf8Start[Int(byte & 0xF)]
                }
                return 2 * range.count
            }
        }
    }

    private static let digits: StaticString = "0123456789abcdef"

    private static func value(of character: UInt8) -> UInt64? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
