/// Makes a value of one JSON text (RFC 8259), strictly, in bounded depth.
package struct JSONParser {
    /// How many arrays and objects may be inside each other.
    package static let deepest = 32

    private var scanner: JSONScanner

    /// - Throws: ``JSONSyntaxError`` when the bytes are not exactly one JSON value.
    package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSON {
        var parser = JSONParser(scanner: JSONScanner(bytes, deepest: deepest, refusingHalfPairs: true))
        let value = try parser.value()
        try parser.scanner.end()
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSON {
        switch scanner.peek() {
        case UInt8(ascii: "{"): .object(try members())
        case UInt8(ascii: "["): .array(try elements())
        case UInt8(ascii: "\""): .string(try characters(of: scanner.string()))
        case let first: try literal(beginningWith: first)
        }
    }

    private mutating func members() throws(JSONSyntaxError) -> [JSON.Member] {
        try scanner.enter()
        var members: [JSON.Member] = []
        var isFirst = true
        while let name = try scanner.nextName(isFirst: &isFirst) {
            members.append(JSON.Member(name: try characters(of: name), value: try value()))
        }
        return members
    }

    private mutating func elements() throws(JSONSyntaxError) -> [JSON] {
        try scanner.enter()
        var elements: [JSON] = []
        var isFirst = true
        while try scanner.nextElement(isFirst: &isFirst) { elements.append(try value()) }
        return elements
    }

    private mutating func literal(beginningWith first: UInt8?) throws(JSONSyntaxError) -> JSON {
        let start = scanner.offset
        try scanner.scalar()
        switch first {
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "t"): return .bool(true)
        case UInt8(ascii: "f"): return .bool(false)
        default: return .number(String(decoding: scanner.bytes[start..<scanner.offset], as: UTF8.self))
        }
    }

    private func characters(of text: JSONScanner.Text) throws(JSONSyntaxError) -> String {
        guard let characters = scanner.characters(of: text) else {
            throw scanner.error("the string is not valid UTF-8", at: text.range.lowerBound - 1)
        }
        return characters
    }
}
