/// What somebody else knows an invoice or a payment by, such as an order number: 1 to 140 characters on one line.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 140

    /// Nil when the text is empty, longer than ``longest``, or has control characters.
    package init?(_ text: String) {
        guard text.isOneLine(ofAtMost: Self.longest) else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }
}

/// Why an invoice was voided or money given back: 1 to 500 characters on one line.
package struct Reason: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 500

    /// Nil when the text is empty, longer than ``longest``, or has control characters.
    package init?(_ text: String) {
        guard text.isOneLine(ofAtMost: Self.longest) else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }
}

extension String {
    /// Whether it is 1 to so many characters (Unicode scalars), none of which is a control character.
    func isOneLine(ofAtMost longest: Int) -> Bool {
        (1...longest).contains(unicodeScalars.count)
            && unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
