/// Why an invoice was voided or money given back: 1 to 500 code points in NFC on one line, one of them visible.
package struct Reason: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 500

    /// Nil when the text is blank, longer than ``longest`` in NFC, or has what breaks the line.
    package init?(_ text: String) {
        guard let text = text.oneLine(ofAtMost: Self.longest) else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }
}
