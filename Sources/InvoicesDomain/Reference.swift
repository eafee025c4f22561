/// What somebody else knows an invoice or a payment by, such as an order number: 1 to 140 code points in NFC on one line,
/// one of them visible.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 140

    /// Nil when the text is blank, longer than ``longest`` in NFC, or has what breaks the line.
    package init?(_ text: String) {
        guard let text = text.oneLine(ofAtMost: Self.longest) else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }
}
