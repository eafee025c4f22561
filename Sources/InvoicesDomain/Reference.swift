/// What somebody else knows an invoice or a payment by, such as an order number: 1 to 140 characters on one line, not only spaces.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 140

    /// Nil when the text is empty or blank, longer than ``longest``, or has control characters.
    package init?(_ text: String) {
        guard text.isOneLine(ofAtMost: Self.longest) else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }
}
