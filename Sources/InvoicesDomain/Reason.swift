/// Why an invoice was voided or money given back: 1 to 500 characters on one line, not only spaces.
package struct Reason: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 500

    /// Nil when the text is empty or blank, longer than ``longest``, or has control characters.
    package init?(_ text: String) {
        guard text.isOneLine(ofAtMost: Self.longest) else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }
}
