/// Splits SQL into the tokens that placeholders have to be told apart from (PostgreSQL manual, "Lexical Structure").
///
/// It does not check anything: what is not closed extends to the end, and the server reports it.
struct SQLScanner {
    struct Token {
        enum Kind {
            /// `:name`
            case placeholder
            /// `$1`
            case number
            /// A keyword, or an identifier without quotes.
            case word
            /// Anything else: blanks, comments, operators, constants, quoted identifiers.
            case other
        }

        let kind: Kind
        let range: Range<Int>
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Token? {
        guard position < bytes.count else { return nil }
        let start = position
        let kind = skipToken()
        return Token(kind: kind, range: start..<position)
    }

    private mutating func skipToken() -> Token.Kind {
        switch bytes[position] {
        case UInt8(ascii: "'"): skipQuoted(by: UInt8(ascii: "'"), hasEscapes: false)
        case UInt8(ascii: "\""): skipQuoted(by: UInt8(ascii: "\""), hasEscapes: false)
        case UInt8(ascii: "-") where isAhead("--"): skip(to: "\n", from: position + 2)
        case UInt8(ascii: "/") where isAhead("/*"): skipComment()
        case UInt8(ascii: ":") where isAhead("::") || isAhead(":="): position += 2
        case UInt8(ascii: ":"): return skipPlaceholder()
        case UInt8(ascii: "$"): return skipDollar()
        case let byte where Self.isLetter(byte): return skipWord()
        default: position += 1
        }
        return .other
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

// MARK: - Tokens

extension SQLScanner {
    private mutating func skipPlaceholder() -> Token.Kind {
        position += 1
        guard position < bytes.count, Self.isLetter(bytes[position]) else { return .other }
        skipLetters(orDollar: false)
        return .placeholder
    }

    /// An identifier, or the `E` before a string with escapes.
    private mutating func skipWord() -> Token.Kind {
        let start = position
        skipLetters(orDollar: true)
        let isE = position - start == 1 && bytes[start] | 0x20 == UInt8(ascii: "e")
        guard isE, position < bytes.count, bytes[position] == UInt8(ascii: "'") else { return .word }
        skipQuoted(by: UInt8(ascii: "'"), hasEscapes: true)
        return .other
    }

    /// `$1`, or a string in dollar quotes: `$$…$$`, `$tag$…$tag$`.
    private mutating func skipDollar() -> Token.Kind {
        let start = position
        position += 1
        if position < bytes.count, Self.isDigit(bytes[position]) {
            while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
            return .number
        }
        skipLetters(orDollar: false)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "$") else { return .other }
        position += 1
        let tag = bytes[start..<position]
        while position < bytes.count, !bytes[position...].starts(with: tag) { position += 1 }
        position = min(position + tag.count, bytes.count)
        return .other
    }

    private mutating func skipLetters(orDollar isDollarAllowed: Bool) {
        while position < bytes.count {
            let byte = bytes[position]
            let isPart = Self.isLetter(byte) || Self.isDigit(byte) || isDollarAllowed && byte == UInt8(ascii: "$")
            guard isPart else { return }
            position += 1
        }
    }

    /// A doubled quote reads as the end of one constant and the beginning of the next, which comes to the same.
    private mutating func skipQuoted(by quote: UInt8, hasEscapes: Bool) {
        position += 1
        while position < bytes.count, bytes[position] != quote {
            position += hasEscapes && bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position = min(position + 1, bytes.count)
        if hasEscapes, position < bytes.count, bytes[position] == quote {
            skipQuoted(by: quote, hasEscapes: true)
        }
    }

    /// Comments in slashes may contain others.
    private mutating func skipComment() {
        var depth = 0
        repeat {
            if isAhead("/*") {
                depth += 1
                position += 2
            } else if isAhead("*/") {
                depth -= 1
                position += 2
            } else {
                position += 1
            }
        } while depth > 0 && position < bytes.count
        position = min(position, bytes.count)
    }

    private mutating func skip(to end: Unicode.Scalar, from start: Int) {
        position = bytes[start...].firstIndex(of: UInt8(ascii: end)).map { $0 + 1 } ?? bytes.count
    }

    private func isAhead(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }
}
