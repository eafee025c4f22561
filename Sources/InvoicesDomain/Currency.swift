/// A currency of ISO 4217, by its alphabetic code: one in use, or one that was withdrawn and that old invoices have.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
    /// Three upper-case letters, such as `EUR`.
    package let code: String
    /// How many digits the minor unit has: 2 for EUR (cents), 0 for JPY, 3 for KWD.
    package let minorUnitDigits: Int
    /// The code of the currency that took its place; nil for one in use.
    package let successor: String?

    /// The currency with this code; nil when ISO 4217 has none that has a minor unit.
    package init?(code: String) {
        // Only these bytes: to `String`, the Kelvin sign is a K.
        guard code.utf8.count == 3, let entry = ISO4217.currencies[code] else { return nil }
        self.init(code: code, entry)
    }

    private init(code: String, _ entry: ISO4217.Entry) {
        self.code = code
        minorUnitDigits = entry.digits
        successor = entry.successor
    }

    package static let euro = Currency(code: "EUR", ISO4217.Entry(digits: 2, successor: nil))

    /// Whether nothing new is made out in it.
    package var isWithdrawn: Bool { successor != nil }

    package var description: String { code }
}
