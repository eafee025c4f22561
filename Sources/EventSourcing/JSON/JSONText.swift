import FoundationEssentials

/// A JSON text from which values are decoded in a fraction of the time that `JSONDecoder` takes.
///
/// The text is scanned once, into a list of its values; nothing is scanned again for a nested value.
///
/// It decodes what it is sure of. Everything else is a doubt, for `JSONDecoder` to decide: what is malformed, missing or of
/// another type, and what is rare. So one decoder alone says what a text means, and what is wrong with it.
final class JSONText {
    /// This decoder is not sure; the result of the decoding is not to be used.
    struct Doubt: Error {}

    /// A value, or the name of a member.
    struct Node {
        /// Of a string without its quotation marks.
        let start: Int32
        fileprivate(set) var end: Int32 = 0
        /// The index of the first node that is not inside of this one.
        fileprivate(set) var next: Int32 = 0
        let kind: Kind
        fileprivate(set) var isEscaped = false

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    enum Kind: UInt8 {
        case object, array, string, number, `true`, `false`, null
    }

    let bytes: [UInt8]
    /// In the order of the text. The children of an object are names and values in turn.
    // Written once, before it is read; to check each access costs more than the access.
    @exclusivity(unchecked) private(set) var nodes: [Node] = []
    /// Set for good by a doubt, also when the type that decodes catches it to try something else.
    private var isDoubtful = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value that the text is; nil when `JSONDecoder` has to decide.
    func decoded<Value: Decodable>(as type: Value.Type) -> Value? {
        guard bytes.count < Int32.max, isUTF8 else { return nil }
        var scanner = JSONScanner(bytes)
        nodes.reserveCapacity(bytes.count / 8 + 4)
        do {
            try index(&scanner)
            try scanner.end()
            let value = try decode(type, at: 0)
            return isDoubtful ? nil : value
        } catch {
            return nil
        }
    }

    private func index(_ scanner: inout JSONScanner) throws(JSONSyntaxError) {
        let first = scanner.peek()
        let index = nodes.count
        var isFirst = true
        switch first {
        case UInt8(ascii: "{"):
            nodes.append(Node(start: Int32(scanner.offset), kind: .object))
            try scanner.enter()
            while let name = try scanner.nextName(isFirst: &isFirst) {
                append(name)
                try self.index(&scanner)
            }
        case UInt8(ascii: "["):
            nodes.append(Node(start: Int32(scanner.offset), kind: .array))
            try scanner.enter()
            while try scanner.nextElement(isFirst: &isFirst) { try self.index(&scanner) }
        case UInt8(ascii: "\""):
            append(try scanner.string())
            return
        default:
            let kind: Kind =
                switch first {
                case UInt8(ascii: "t"): .true
                case UInt8(ascii: "f"): .false
                case UInt8(ascii: "n"): .null
                default: .number
                }
            nodes.append(Node(start: Int32(scanner.offset), kind: kind))
            try scanner.scalar()
        }
        nodes[index].end = Int32(scanner.offset)
        nodes[index].next = Int32(nodes.count)
    }

    private func append(_ text: JSONScanner.Text) {
        nodes.append(
            Node(
                start: Int32(text.range.lowerBound), end: Int32(text.range.upperBound), next: Int32(nodes.count + 1),
                kind: .string, isEscaped: text.isEscaped))
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
    /// - Parameter node: the index of the value.
    func decode<Value: Decodable>(_ type: Value.Type, at node: Int) throws -> Value {
        if type == Date.self { return unsafeBitCast(try date(at: node), to: Value.self) }
        // JSONDecoder has ways of its own with these.
        if type == Data.self || type == URL.self || type == Decimal.self { throw doubt() }
        return try Value(from: JSONTextDecoder(text: self, node: node))
    }

    func isNull(at node: Int) -> Bool { nodes[node].kind == .null }

    func bool(at node: Int) throws -> Bool {
        switch nodes[node].kind {
        case .true: true
        case .false: false
        default: throw doubt()
        }
    }

    /// Written in the usual way, with as many digits as fit for sure.
    func integer<Integer: FixedWidthInteger>(at node: Int) throws -> Integer {
        guard nodes[node].kind == .number, let number = number(at: nodes[node].range),
            let integer = Integer(exactly: number)
        else { throw doubt() }
        return integer
    }

    private func number(at range: Range<Int>) -> Int64? {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        let digits = bytes[range].dropFirst(isNegative ? 1 : 0)
        guard (1...18).contains(digits.count) else { return nil }
        var number: Int64 = 0
        for digit in digits {
            guard digit.isDigit else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        // A zero may have a sign, which not every type of number has.
        guard number > 0 || !isNegative else { return nil }
        return isNegative ? -number : number
    }

    func double(at node: Int) throws -> Double {
        guard nodes[node].kind == .number,
            let number = Double(String(decoding: bytes[nodes[node].range], as: UTF8.self)), number.isFinite
        else { throw doubt() }
        return number
    }

    func date(at node: Int) throws -> Date {
        guard let date = RFC3339.date(from: try string(at: node)) else { throw doubt() }
        return date
    }

    func string(at index: Int) throws -> String {
        let node = nodes[index]
        guard node.kind == .string else { throw doubt() }
        // All bytes are valid UTF-8, and what has no escapes is a text as it is.
        guard node.isEscaped else { return String(decoding: bytes[node.range], as: UTF8.self) }
        let text = JSONScanner.Text(range: node.range, isEscaped: true)
        guard let characters = JSONScanner.characters(of: text, in: bytes) else { throw doubt() }
        return characters
    }
}
