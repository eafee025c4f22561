package import FoundationEssentials

/// Writes JSON text, straight into bytes: the one writer of JSON. The shape of an answer is the code that writes it.
package struct JSONWriter {
    /// How control characters are written, of which JSON knows two ways.
    package enum Escapes: Sendable {
        /// `\u000a`, as answers have it.
        case hexadecimal
        /// `\n` where there is such a letter, as stored events have it.
        case letters
    }

    package internal(set) var bytes: [UInt8] = []
    private let escapes: Escapes
    /// Whether the next element or member follows another one.
    private var needsComma = false

    package init(capacity: Int = 512, escapes: Escapes = .hexadecimal) {
        self.escapes = escapes
        bytes.reserveCapacity(capacity)
    }

    /// The bytes of one value.
    package static func bytes(capacity: Int = 512, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: capacity)
        write(&json)
        return json.bytes
    }

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        begin(UInt8(ascii: "{"))
        members(&self)
        end(UInt8(ascii: "}"))
    }

    @inlinable
    package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
    ) {
        begin(UInt8(ascii: "["))
        for element in elements { write(&self, element) }
        end(UInt8(ascii: "]"))
    }

    /// A member of the object that is being written. Its name stands in the program, and has nothing to escape.
    package mutating func member(_ name: StaticString, _ value: (inout JSONWriter) -> Void) {
        begin(name)
        value(&self)
    }

    /// A member whose name comes from somewhere.
    package mutating func member(named name: String, _ value: (inout JSONWriter) -> Void) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        value(&self)
    }

    package mutating func member(_ name: StaticString, _ value: String?) {
        begin(name)
        if let value { string(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ value: Int64) {
        begin(name)
        literal(String(value))
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        begin(name)
        literal(value ? "true" : "false")
    }

    package mutating func member(_ name: StaticString, _ id: UUID) {
        begin(name)
        text(ofAtMost: UUID.textLength, id.write)
    }

    /// A time as RFC 3339 has it, or null.
    package mutating func member(_ name: StaticString, _ time: Date?) {
        begin(name)
        if let time { self.time(time) } else { null() }
    }

    mutating func time(_ time: Date) { text(ofAtMost: RFC3339.longest) { RFC3339.write(time, to: $0) } }

    /// Text that has nothing to escape.
    private mutating func text(ofAtMost count: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) {
        beginValue()
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 2) { buffer in
            buffer[0] = UInt8(ascii: "\"")
            let end = 1 + write(UnsafeMutableBufferPointer(rebasing: buffer[1...]))
            buffer[end] = UInt8(ascii: "\"")
            bytes += buffer[...end]
        }
        needsComma = true
    }

    private mutating func begin(_ name: StaticString) {
        self.name(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Writes the name of a member, which has nothing to escape.
    ///
    /// - Returns: where its quotation mark is, and whether it has nothing but printable ASCII and nothing to escape indeed.
    @discardableResult
    mutating func name(_ name: UnsafeBufferPointer<UInt8>) -> (start: Int, isPlain: Bool) {
        beginValue()
        let start = bytes.count
        bytes.append(UInt8(ascii: "\""))
        bytes += name
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
        return (start, name.allSatisfy { (0x20..<0x7F).contains($0) && !Self.needsEscape($0) })
    }

    @usableFromInline
    mutating func begin(_ bracket: UInt8) {
        beginValue()
        bytes.append(bracket)
    }

    @usableFromInline
    mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    package mutating func null() { literal("null") }

    package mutating func string(_ text: String) {
        beginValue()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.contains(where: Self.needsEscape) {
                for byte in utf8 { escaped(byte) }
            } else {
                bytes += utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escaped(_ byte: UInt8) {
        if byte < 0x20 {
            if escapes == .letters, let letter = Self.letter(for: byte) {
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(letter)
                return
            }
            bytes += (byte < 0x10 ? "\\u000" : "\\u00").utf8
            bytes += String(byte, radix: 16).utf8
        } else {
            if Self.needsEscape(byte) { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
    }

    private static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }

    /// A number, `true`, `false` or `null`, as it is.
    package mutating func literal(_ text: String) {
        beginValue()
        bytes += text.utf8
        needsComma = true
    }

    /// A value that is JSON already, as it is.
    package mutating func literal(_ json: [UInt8]) {
        beginValue()
        bytes += json
        needsComma = true
    }

    /// Writes the comma that a value or a member needs before it.
    mutating func beginValue() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }
}
