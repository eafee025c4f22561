/// A name that breaks the naming scheme: which kind of name, its value, and the rule that it breaks.
public struct InvalidName: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of name, as a person would call it: "tenant", "event type".
    public let kind: String
    /// The refused text, cut to 200 characters.
    public let value: String
    /// What a valid name looks like.
    public let rule: String

    package init(kind: String, value: String, rule: String) {
        self.kind = kind
        self.value = String(value.prefix(200))
        self.rule = rule
    }

    /// Names the value, and the rule that it breaks.
    public var description: String { "\"\(value)\" is not a valid \(kind): \(rule)" }
}

extension String {
    /// Whether the text has between 1 and `limit` bytes, all of them accepted by `isAllowed`.
    func isName(upTo limit: Int, where isAllowed: (UInt8) -> Bool) -> Bool {
        !utf8.isEmpty && utf8.count <= limit && utf8.allSatisfy(isAllowed)
    }

    /// The text itself, if it is an identifier: 1 to 128 ASCII letters, digits, dots, hyphens or underscores.
    func identifier(as kind: String) throws(InvalidName) -> String {
        let isIdentifier = isName(upTo: 128) {
            $0.isLetter || $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        guard isIdentifier else {
            throw InvalidName(
                kind: kind, value: self, rule: "use 1 to 128 ASCII letters, digits, dots, hyphens or underscores")
        }
        return self
    }

    /// Whether the text is a lower-case word: a letter, then letters, digits or underscores, at most 64 bytes.
    var isLowercaseWord: Bool {
        isName(upTo: 64) { $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
            && utf8.first!.isLowercaseLetter
    }

    /// The number in `v<number>`, a schema version of 1 or more without leading zeros.
    static func schemaVersion(in part: Substring) -> Int? {
        guard part.utf8.first == UInt8(ascii: "v"), let version = Int(part.dropFirst()), version >= 1 else {
            return nil
        }
        return part.utf8.count == 1 + String(version).utf8.count ? version : nil
    }
}
