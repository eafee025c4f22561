/// What the customer knows the invoice by, such as an order number: 1 to 140 characters on one line.
package struct Reference: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let longest = 140

    /// Nil when the text is empty, longer than ``longest``, or has control characters.
    package init?(_ text: String) {
        guard (1...Self.longest).contains(text.unicodeScalars.count) else { return nil }
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else { return nil }
        rawValue = text
    }

    package var description: String { rawValue }
}
