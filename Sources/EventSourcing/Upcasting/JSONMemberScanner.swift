/// Finds the members of a JSON object (RFC 8259) and where each value ends, without reading the values.
struct JSONMemberScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Hands over each member's name and the bytes of its value.
    ///
    /// - Throws: ``MalformedJSON`` when the bytes are not one object, and what `consume` throws.
    mutating func scanObject(
        _ consume: (_ name: String, _ value: [UInt8]) throws(MalformedJSON) -> Void
    ) throws(MalformedJSON) {
        try expect("{")
        if next() == UInt8(ascii: "}") {
            index += 1
        } else {
            while true {
                let name = try scanName()
                try expect(":")
                try consume(name, try scanValue())
                guard next() == UInt8(ascii: ",") else { break }
                index += 1
            }
            try expect("}")
        }
        guard next() == nil else { throw malformed("nothing may follow the object") }
    }

    /// A string as JSON, in quotes.
    static func quoted(_ text: String) -> [UInt8] {
        var quoted = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): quoted += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                quoted += Array((byte < 0x10 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
            default: quoted.append(byte)
            }
        }
        return quoted + [UInt8(ascii: "\"")]
    }

    /// The next byte that is not white space; nil at the end.
    private mutating func next() -> UInt8? {
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index += 1
            default: return bytes[index]
            }
        }
        return nil
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(MalformedJSON) {
        guard next() == UInt8(ascii: character) else { throw malformed("\"\(character)\" is missing") }
        index += 1
    }

    private mutating func scanName() throws(MalformedJSON) -> String {
        _ = next()
        let name = try scanString()
        guard let text = try? EventPayload(bytes: Array(name)).decode(String.self) else {
            throw malformed("a member's name is not a string")
        }
        return text
    }

    private mutating func scanString() throws(MalformedJSON) -> ArraySlice<UInt8> {
        let start = index
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw malformed("a string is missing") }
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\""):
                index += 1
                return bytes[start..<index]
            default: index += 1
            }
        }
        throw malformed("a string does not end")
    }

    /// Up to the comma or brace that ends the member; brackets are counted and strings are skipped.
    private mutating func scanValue() throws(MalformedJSON) -> [UInt8] {
        _ = next()
        let start = index
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                _ = try scanString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ",") where depth == 0: return try value(from: start)
            case UInt8(ascii: "}") where depth == 0: return try value(from: start)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            index += 1
        }
        throw malformed("the object does not end")
    }

    private func value(from start: Int) throws(MalformedJSON) -> [UInt8] {
        guard start < index else { throw malformed("a value is missing") }
        return Array(bytes[start..<index])
    }

    private func malformed(_ fault: String) -> MalformedJSON { MalformedJSON("\(fault), at byte \(index)") }
}
